/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables of a worked solution as Markdown and HTML, and what all have. */
#include "core/number.h"
#include "explain/table.h"

#include <math.h>
#include <string.h>

/* Scalars of the formulas on their way into one sentence. */
typedef struct scalars {
    size_t n, column;
    const char *seen[MTP_TABLE_COLUMNS];
} scalars;

static mtp_quantity *scalar_of(const mtp_table_work *t, const mtp_expr *e)
{
    mtp_quantity *q =
        e->kind == MTP_EXPR_SYMBOL ? mtp_scope_find(&t->s->scope, e->text) : NULL;

    return q && !q->column ? q : NULL;
}

/* "tau2 = 0.25" */
static void write_scalar(const mtp_table_work *t, const mtp_expr *e,
                         const mtp_quantity *q, mtp_strbuf *out)
{
    const mtp_expr_look look = {mtp_solution_notation(t->s), NULL, 0, 0};
    bool html = look.notation == MTP_NOTATION_MATHML;
    const char *dollar = look.notation == MTP_NOTATION_LATEX ? "$" : "";
    char text[MTP_NUMBER_TEXT];

    mtp_figure_text(q->figure.value, q->digits, text, sizeof text);
    mtp_strbuf_add(out, html ? "<math>" : dollar);
    mtp_expr_write(out, e, &look);
    mtp_strbuf_add(out, html ? "<mo>=</mo>" : " = ");
    mtp_expr_write_number(out, text, look.notation);
    mtp_strbuf_add(out, html ? "</math>" : dollar);
}

/* After what is there, on a new line of text if it is full. */
static void add_scalar(const mtp_table_work *t, const mtp_strbuf *scalar, scalars *list)
{
    mtp_strbuf *out = t->s->out;
    bool text = t->s->format == MTP_FORMAT_TEXT;

    if (list->n == 0) {
        mtp_strbuf_add(out, t->s->format == MTP_FORMAT_HTML ? "<p>With " : "With ");
        list->column = strlen("With ");
    } else if (text && list->column + scalar->length + 3 > t->s->width) {
        mtp_strbuf_add(out, ",\n");
        list->column = 0;
    } else {
        mtp_strbuf_add(out, ", ");
        list->column += 2;
    }
    mtp_strbuf_add(out, scalar->text);
    list->column += scalar->length;
}

/* Each once. */
static void add_scalars(const mtp_table_work *t, const mtp_expr *e, scalars *list)
{
    const mtp_quantity *q = scalar_of(t, e);

    for (size_t i = 0; q && i < list->n; i++) {
        q = strcmp(list->seen[i], e->text) == 0 ? NULL : q;
    }
    if (q && list->n < MTP_TABLE_COLUMNS) {
        mtp_strbuf scalar;

        mtp_strbuf_init(&scalar);
        write_scalar(t, e, q, &scalar);
        if (scalar.failed) {
            t->s->out->failed = true;
        } else {
            add_scalar(t, &scalar, list);
        }
        mtp_strbuf_free(&scalar);
        list->seen[list->n++] = e->text;
    }
    for (size_t i = 0; i < e->n; i++) {
        add_scalars(t, e->part[i], list);
    }
}

/* "With tau2 = 0.25:" */
static void introduce(mtp_table_work *t)
{
    scalars list = {.n = 0};

    for (size_t c = 0; c < t->n; c++) {
        if (t->formula[c]) {
            add_scalars(t, t->formula[c], &list);
        }
    }
    if (list.n > 0) {
        mtp_strbuf_add(t->s->out,
                       t->s->format == MTP_FORMAT_HTML ? ":</p>\n" : ":\n\n");
    }
}

void mtp_table_head(const mtp_table_work *t, size_t c, mtp_strbuf *out)
{
    const mtp_expr_look look = {mtp_solution_notation(t->s), NULL, 0, 0};
    const mtp_solution_column *column = &t->column[c];
    const mtp_expr *name =
        column->name ? mtp_expr_parse(t->s->arena, column->name) : NULL;

    if (name) {
        mtp_expr_write(out, name, &look);
    }
    if (name && t->formula[c] && !column->brief) {
        mtp_strbuf_add(out,
                       look.notation == MTP_NOTATION_MATHML ? "<mo>=</mo>" : " = ");
    }
    if (t->formula[c] && !column->brief) {
        mtp_expr_write(out, t->formula[c], &look);
    }
}

void mtp_table_cell(const mtp_table_work *t, mtp_work_line line, size_t c,
                    char text[MTP_TABLE_CELL])
{
    const mtp_solution_column *column = &t->column[c];

    text[0] = '\0';
    if (line.kind == MTP_LINE_ROW && isnan(t->value[c][line.at])) {
        memcpy(text, "-", 2);
    } else if (line.kind == MTP_LINE_ROW) {
        mtp_figure_fixed(t->value[c][line.at], t->decimals[c], text, MTP_TABLE_CELL);
    } else if (line.kind == MTP_LINE_TOTAL && column->total) {
        mtp_figure_text(t->total[c], t->s->digits, text, MTP_TABLE_CELL);
    } else if (line.kind == MTP_LINE_SUBTOTAL && column->subtotal) {
        mtp_figure_text(mtp_table_subtotal(t, c, line.at), t->s->digits, text,
                        MTP_TABLE_CELL);
    }
}

const char *mtp_table_label(const mtp_table_work *t, mtp_work_line line)
{
    return line.kind == MTP_LINE_ROW     ? t->s->label[line.at]
           : line.kind == MTP_LINE_GROUP ? t->s->group[line.at]
                                         : "sum";
}

const char *mtp_table_row_name(const mtp_table_work *t)
{
    return t->s->row_name ? t->s->row_name : "study";
}

static void add_line(mtp_table_work *t, mtp_work_kind kind, size_t at)
{
    t->line[t->n_lines++] = (mtp_work_line){kind, at};
}

/* A group of one row has no sum of its own. */
static void add_groups(mtp_table_work *t)
{
    const size_t *start = t->s->scope.start;

    for (size_t g = 0; g < t->s->scope.groups; g++) {
        add_line(t, MTP_LINE_GROUP, g);
        for (size_t i = start[g]; i < start[g + 1]; i++) {
            add_line(t, MTP_LINE_ROW, i);
        }
        if (start[g + 1] - start[g] > 1) {
            add_line(t, MTP_LINE_SUBTOTAL, g);
        }
    }
}

static bool make_lines(mtp_table_work *t)
{
    bool total = false;

    for (size_t c = 0; c < t->n; c++) {
        total = total || t->column[c].total;
        t->grouped = t->grouped || t->column[c].subtotal;
    }
    t->line =
        MTP_ARENA_ARRAY(t->s->arena, t->k + 2 * t->s->scope.groups + 1, mtp_work_line);
    if (!t->line) {
        t->s->failed = true;
        return false;
    }
    if (t->grouped) {
        add_groups(t);
    }
    for (size_t i = 0; !t->grouped && i < t->k; i++) {
        add_line(t, MTP_LINE_ROW, i);
    }
    if (total) {
        add_line(t, MTP_LINE_TOTAL, 0);
    }
    return true;
}

static void write_markdown(mtp_table_work *t)
{
    mtp_strbuf *out = t->s->out;

    mtp_strbuf_printf(out, "| %s", mtp_table_row_name(t));
    for (size_t c = 0; c < t->n; c++) {
        mtp_strbuf_add(out, " | $");
        mtp_table_head(t, c, out);
        mtp_strbuf_add_char(out, '$');
    }
    mtp_strbuf_add(out, " |\n| :-- ");
    for (size_t c = 0; c < t->n; c++) {
        mtp_strbuf_add(out, "| --: ");
    }
    mtp_strbuf_add(out, "|\n");
    for (size_t i = 0; i < t->n_lines; i++) {
        const char *bold = t->line[i].kind == MTP_LINE_GROUP ? "**" : "";

        mtp_strbuf_printf(out, "| %s", bold);
        mtp_solution_escape(t->s, mtp_table_label(t, t->line[i]));
        mtp_strbuf_add(out, bold);
        for (size_t c = 0; c < t->n; c++) {
            char text[MTP_TABLE_CELL];

            mtp_table_cell(t, t->line[i], c, text);
            mtp_strbuf_printf(out, " | %s", text);
        }
        mtp_strbuf_add(out, " |\n");
    }
}

static void write_html_line(mtp_table_work *t, mtp_work_line line)
{
    mtp_strbuf *out = t->s->out;

    if (line.kind == MTP_LINE_GROUP) {
        mtp_strbuf_printf(out, "<tr><th scope=\"rowgroup\" colspan=\"%zu\"><bdi>",
                          t->n + 1);
        mtp_solution_escape(t->s, mtp_table_label(t, line));
        mtp_strbuf_add(out, "</bdi></th></tr>\n");
        return;
    }
    mtp_strbuf_add(out, "<tr><th scope=\"row\"><bdi>");
    mtp_solution_escape(t->s, mtp_table_label(t, line));
    mtp_strbuf_add(out, "</bdi></th>");
    for (size_t c = 0; c < t->n; c++) {
        char text[MTP_TABLE_CELL];

        mtp_table_cell(t, line, c, text);
        mtp_strbuf_printf(out, "<td class=\"n\">%s</td>", text);
    }
    mtp_strbuf_add(out, "</tr>\n");
}

static void write_html(mtp_table_work *t)
{
    mtp_strbuf *out = t->s->out;

    mtp_strbuf_printf(out,
                      "<div class=\"wide\" tabindex=\"0\">\n<table>\n<thead>\n<tr>"
                      "<th scope=\"col\">%s</th>",
                      mtp_table_row_name(t));
    for (size_t c = 0; c < t->n; c++) {
        mtp_strbuf_add(out, "<th scope=\"col\" class=\"n\"><math>");
        mtp_table_head(t, c, out);
        mtp_strbuf_add(out, "</math></th>");
    }
    mtp_strbuf_add(out, "</tr>\n</thead>\n<tbody>\n");
    for (size_t i = 0; i < t->n_lines; i++) {
        write_html_line(t, t->line[i]);
    }
    mtp_strbuf_add(out, "</tbody>\n</table>\n</div>\n");
}

void mtp_table_write(mtp_table_work *t)
{
    mtp_solution *s = t->s;

    if (!make_lines(t)) {
        return;
    }
    mtp_solution_begin(s, false);
    introduce(t);
    if (s->format == MTP_FORMAT_TEXT) {
        mtp_table_write_text(t);
    } else if (s->format == MTP_FORMAT_MARKDOWN) {
        write_markdown(t);
    } else {
        write_html(t);
    }
}
