/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables of a worked solution as text, Markdown and HTML. */
#include "core/number.h"
#include "explain/table.h"
#include "text/display.h"

#include <math.h>
#include <string.h>

enum { LABEL_WIDTH = 24 };

/* Scalars of the formulas, each once. */
static void write_scalars(mtp_table_work *t, const mtp_expr *e, const char *seen[],
                          size_t *n)
{
    mtp_quantity *q =
        e->kind == MTP_EXPR_SYMBOL ? mtp_scope_find(&t->s->scope, e->text) : NULL;

    for (size_t i = 0; q && i < *n; i++) {
        q = strcmp(seen[i], e->text) == 0 ? NULL : q;
    }
    if (q && !q->column && *n < MTP_TABLE_COLUMNS) {
        char text[MTP_NUMBER_TEXT];
        mtp_solution *s = t->s;
        bool html = s->format == MTP_FORMAT_HTML,
             latex = s->format == MTP_FORMAT_MARKDOWN;
        const mtp_expr_look look = {mtp_solution_notation(s), NULL, 0, 0};

        mtp_figure_text(q->figure.value, q->digits, text, sizeof text);
        mtp_strbuf_add(s->out, *n > 0 ? ", " : "");
        mtp_strbuf_add(s->out, html ? "<math>" : latex ? "$" : "");
        mtp_expr_write(s->out, e, &look);
        mtp_strbuf_add(s->out, html ? "<mo>=</mo>" : " = ");
        mtp_expr_write_number(s->out, text, look.notation);
        mtp_strbuf_add(s->out, html ? "</math>" : latex ? "$" : "");
        seen[(*n)++] = e->text;
    }
    for (size_t i = 0; i < e->n; i++) {
        write_scalars(t, e->part[i], seen, n);
    }
}

static bool has_scalars(const mtp_table_work *t, const mtp_expr *e)
{
    mtp_quantity *q =
        e->kind == MTP_EXPR_SYMBOL ? mtp_scope_find(&t->s->scope, e->text) : NULL;
    bool has = q && !q->column;

    for (size_t i = 0; i < e->n; i++) {
        has = has_scalars(t, e->part[i]) || has;
    }
    return has;
}

static void introduce(mtp_table_work *t)
{
    const char *seen[MTP_TABLE_COLUMNS];
    size_t n = 0;
    bool any = false;

    for (size_t c = 0; c < t->n; c++) {
        any = any || (t->formula[c] && has_scalars(t, t->formula[c]));
    }
    if (!any) {
        return;
    }
    mtp_strbuf_add(t->s->out, t->s->format == MTP_FORMAT_HTML ? "<p>With " : "With ");
    for (size_t c = 0; c < t->n; c++) {
        if (t->formula[c]) {
            write_scalars(t, t->formula[c], seen, &n);
        }
    }
    mtp_strbuf_add(t->s->out, t->s->format == MTP_FORMAT_HTML ? ":</p>\n" : ":\n\n");
}

/* "w_i = 1 / v_i", or the one of both that there is. */
static void write_head(const mtp_table_work *t, size_t c, mtp_strbuf *out)
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

static void cell_text(const mtp_table_work *t, size_t row, size_t c,
                      char text[MTP_TABLE_CELL])
{
    if (row == t->k && t->column[c].total) {
        mtp_figure_text(t->total[c], t->s->digits, text, MTP_TABLE_CELL);
    } else if (row == t->k) {
        text[0] = '\0';
    } else {
        mtp_figure_fixed(t->value[c][row], t->decimals[c], text, MTP_TABLE_CELL);
    }
}

static bool has_total(const mtp_table_work *t)
{
    bool has = false;

    for (size_t c = 0; c < t->n; c++) {
        has = has || t->column[c].total;
    }
    return has;
}

static const char *row_name(const mtp_table_work *t)
{
    return t->s->row_name ? t->s->row_name : "study";
}

static void write_row_text(mtp_table_work *t, size_t row, const size_t width[])
{
    mtp_strbuf *out = t->s->out;
    mtp_strbuf label;

    mtp_strbuf_init(&label);
    mtp_display_cut(&label, row < t->k ? t->s->label[row] : "sum", LABEL_WIDTH);
    if (label.failed) {
        out->failed = true;
        return;
    }
    mtp_strbuf_add(out, label.text ? label.text : "");
    mtp_strbuf_add_repeated(
        out, ' ', width[t->n] - mtp_display_width(label.text ? label.text : ""));
    for (size_t c = 0; c < t->n; c++) {
        char text[MTP_TABLE_CELL];

        cell_text(t, row, c, text);
        mtp_strbuf_add_repeated(out, ' ', 2 + width[c] - strlen(text));
        mtp_strbuf_add(out, text);
    }
    mtp_strbuf_add_char(out, '\n');
    mtp_strbuf_free(&label);
}

static void write_text(mtp_table_work *t, size_t rows)
{
    size_t width[MTP_TABLE_COLUMNS + 1] = {0}, total = 0;
    const char *name = row_name(t);
    mtp_strbuf *out = t->s->out;

    for (size_t row = 0; row < rows; row++) {
        size_t w = mtp_display_width(row < t->k ? t->s->label[row] : "sum");

        w = w > LABEL_WIDTH ? LABEL_WIDTH : w;
        width[t->n] = w > width[t->n] ? w : width[t->n];
    }
    width[t->n] = width[t->n] < strlen(name) ? strlen(name) : width[t->n];
    mtp_strbuf_add(out, name);
    mtp_strbuf_add_repeated(out, ' ', width[t->n] - strlen(name));
    total = width[t->n];
    for (size_t c = 0; c < t->n; c++) {
        mtp_strbuf head;

        mtp_strbuf_init(&head);
        write_head(t, c, &head);
        width[c] = head.length;
        for (size_t row = 0; row < rows; row++) {
            char text[MTP_TABLE_CELL];

            cell_text(t, row, c, text);
            width[c] = strlen(text) > width[c] ? strlen(text) : width[c];
        }
        mtp_strbuf_add_repeated(out, ' ', 2 + width[c] - head.length);
        mtp_strbuf_add(out, head.failed || !head.text ? "" : head.text);
        out->failed = out->failed || head.failed;
        total += 2 + width[c];
        mtp_strbuf_free(&head);
    }
    mtp_strbuf_add_char(out, '\n');
    mtp_strbuf_add_repeated(out, '-', total);
    mtp_strbuf_add_char(out, '\n');
    for (size_t row = 0; row < rows && !out->failed; row++) {
        if (row == t->k) {
            mtp_strbuf_add_repeated(out, '-', total);
            mtp_strbuf_add_char(out, '\n');
        }
        write_row_text(t, row, width);
    }
}

static void write_markdown(mtp_table_work *t, size_t rows)
{
    mtp_strbuf *out = t->s->out;

    mtp_strbuf_printf(out, "| %s", row_name(t));
    for (size_t c = 0; c < t->n; c++) {
        mtp_strbuf_add(out, " | $");
        write_head(t, c, out);
        mtp_strbuf_add_char(out, '$');
    }
    mtp_strbuf_add(out, " |\n| :-- ");
    for (size_t c = 0; c < t->n; c++) {
        mtp_strbuf_add(out, "| --: ");
    }
    mtp_strbuf_add(out, "|\n");
    for (size_t row = 0; row < rows; row++) {
        mtp_strbuf_add(out, "| ");
        mtp_solution_escape(t->s, row < t->k ? t->s->label[row] : "sum");
        for (size_t c = 0; c < t->n; c++) {
            char text[MTP_TABLE_CELL];

            cell_text(t, row, c, text);
            mtp_strbuf_printf(out, " | %s", text);
        }
        mtp_strbuf_add(out, " |\n");
    }
}

static void write_html(mtp_table_work *t, size_t rows)
{
    mtp_strbuf *out = t->s->out;

    mtp_strbuf_printf(out,
                      "<div class=\"wide\" tabindex=\"0\">\n<table>\n<thead>\n<tr>"
                      "<th scope=\"col\">%s</th>",
                      row_name(t));
    for (size_t c = 0; c < t->n; c++) {
        mtp_strbuf_add(out, "<th scope=\"col\" class=\"n\"><math>");
        write_head(t, c, out);
        mtp_strbuf_add(out, "</math></th>");
    }
    mtp_strbuf_add(out, "</tr>\n</thead>\n<tbody>\n");
    for (size_t row = 0; row < rows; row++) {
        mtp_strbuf_add(out, "<tr><th scope=\"row\"><bdi>");
        mtp_solution_escape(t->s, row < t->k ? t->s->label[row] : "sum");
        mtp_strbuf_add(out, "</bdi></th>");
        for (size_t c = 0; c < t->n; c++) {
            char text[MTP_TABLE_CELL];

            cell_text(t, row, c, text);
            mtp_strbuf_printf(out, "<td class=\"n\">%s</td>", text);
        }
        mtp_strbuf_add(out, "</tr>\n");
    }
    mtp_strbuf_add(out, "</tbody>\n</table>\n</div>\n");
}

void mtp_table_write(mtp_table_work *t)
{
    mtp_solution *s = t->s;
    size_t rows = t->k + has_total(t);

    s->after_line = false;
    mtp_strbuf_add(s->out, s->any ? "\n" : "");
    s->any = true;
    introduce(t);
    if (s->format == MTP_FORMAT_TEXT) {
        write_text(t, rows);
    } else if (s->format == MTP_FORMAT_MARKDOWN) {
        write_markdown(t, rows);
    } else {
        write_html(t, rows);
    }
}
