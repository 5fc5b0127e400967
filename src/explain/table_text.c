/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables of a worked solution as text: heads broken into lines, and columns that do not
 * fit beside each other in blocks of their own. */
#include "explain/layout.h"
#include "explain/table.h"
#include "text/display.h"

#include <string.h>

enum { LABEL_WIDTH = 24, HEAD_WIDTH = 18, GAP = 2, INDENT = 2 };

typedef struct text_column {
    const char *head;
    size_t head_width; /* for which it is broken */
    size_t width, lines;
} text_column;

typedef struct text_table {
    mtp_table_work *t;
    size_t label_width;
    text_column column[MTP_TABLE_COLUMNS];
    size_t first, end; /* the columns of a block */
} text_table;

/* Rows of groups are indented. */
static size_t indent_of(const text_table *x, mtp_work_line line)
{
    bool part = line.kind == MTP_LINE_ROW || line.kind == MTP_LINE_SUBTOTAL;

    return x->t->grouped && part ? INDENT : 0;
}

static size_t label_width(const text_table *x)
{
    size_t most = strlen(mtp_table_row_name(x->t));

    for (size_t i = 0; i < x->t->n_lines; i++) {
        size_t width = mtp_display_width(mtp_table_label(x->t, x->t->line[i]));

        width = width < LABEL_WIDTH ? width : LABEL_WIDTH;
        width += indent_of(x, x->t->line[i]);
        most = width > most ? width : most;
    }
    return most;
}

static bool measure(const text_table *x, size_t c, text_column *column)
{
    mtp_strbuf head;
    size_t length;

    *column = (text_column){.width = 0};
    mtp_strbuf_init(&head);
    mtp_table_head(x->t, c, &head);
    column->head =
        head.failed || !head.text ? NULL : mtp_arena_strdup(x->t->s->arena, head.text);
    mtp_strbuf_free(&head);
    for (size_t i = 0; i < x->t->n_lines; i++) {
        char text[MTP_TABLE_CELL];

        mtp_table_cell(x->t, x->t->line[i], c, text);
        column->width = strlen(text) > column->width ? strlen(text) : column->width;
    }
    column->head_width = column->width > HEAD_WIDTH ? column->width : HEAD_WIDTH;
    while (column->head &&
           mtp_layout_line(column->head, column->head_width, column->lines, &length)) {
        column->width = length > column->width ? length : column->width;
        column->lines++;
    }
    return column->head != NULL;
}

/* Text at the right of its column. */
static void add_right(mtp_strbuf *out, const char *text, size_t length, size_t width)
{
    mtp_strbuf_add_repeated(out, ' ', GAP + width - length);
    mtp_strbuf_add_bytes(out, text, length);
}

/* End a line without blanks. */
static void end_line(mtp_strbuf *out)
{
    while (out->length > 0 && out->text[out->length - 1] == ' ') {
        out->text[--out->length] = '\0';
    }
    mtp_strbuf_add_char(out, '\n');
}

static void write_heads(const text_table *x, mtp_strbuf *out)
{
    const char *name = mtp_table_row_name(x->t);
    size_t lines = 1;

    for (size_t c = x->first; c < x->end; c++) {
        lines = x->column[c].lines > lines ? x->column[c].lines : lines;
    }
    for (size_t above = lines; above > 0; above--) {
        mtp_strbuf_add(out, above == 1 ? name : "");
        mtp_strbuf_add_repeated(out, ' ',
                                x->label_width - (above == 1 ? strlen(name) : 0));
        for (size_t c = x->first; c < x->end; c++) {
            const text_column *column = &x->column[c];
            const char *part = "";
            size_t length = 0;

            if (above <= column->lines) {
                part = mtp_layout_line(column->head, column->head_width,
                                       column->lines - above, &length);
            }
            add_right(out, part, length, column->width);
        }
        end_line(out);
    }
}

/* A rule for each column. */
static void write_rule(const text_table *x, mtp_strbuf *out)
{
    mtp_strbuf_add_repeated(out, '-', x->label_width);
    for (size_t c = x->first; c < x->end; c++) {
        mtp_strbuf_add_repeated(out, ' ', GAP);
        mtp_strbuf_add_repeated(out, '-', x->column[c].width);
    }
    mtp_strbuf_add_char(out, '\n');
}

static void write_row(const text_table *x, mtp_work_line line, mtp_strbuf *out)
{
    mtp_strbuf label;

    mtp_strbuf_init(&label);
    mtp_strbuf_add(&label, "");
    mtp_strbuf_add_repeated(&label, ' ', indent_of(x, line));
    mtp_display_cut(&label, mtp_table_label(x->t, line), LABEL_WIDTH);
    if (label.failed) {
        out->failed = true;
    } else {
        mtp_strbuf_add(out, label.text);
        mtp_strbuf_add_repeated(out, ' ',
                                x->label_width - mtp_display_width(label.text));
    }
    mtp_strbuf_free(&label);
    for (size_t c = x->first; c < x->end; c++) {
        char text[MTP_TABLE_CELL];

        mtp_table_cell(x->t, line, c, text);
        add_right(out, text, strlen(text), x->column[c].width);
    }
    end_line(out);
}

/* Whether a column of the block has sums of this kind. */
static bool has_sums(const text_table *x, mtp_work_kind kind)
{
    bool has = false;

    for (size_t c = x->first; c < x->end; c++) {
        const mtp_solution_column *column = &x->t->column[c];

        has = has || (kind == MTP_LINE_TOTAL ? column->total : column->subtotal);
    }
    return has;
}

static void write_block(const text_table *x, mtp_strbuf *out)
{
    write_heads(x, out);
    write_rule(x, out);
    for (size_t i = 0; i < x->t->n_lines && !out->failed; i++) {
        mtp_work_line line = x->t->line[i];
        bool sums = line.kind == MTP_LINE_TOTAL || line.kind == MTP_LINE_SUBTOTAL;

        if (sums && !has_sums(x, line.kind)) {
            continue;
        }
        if (line.kind == MTP_LINE_TOTAL) {
            write_rule(x, out);
        }
        write_row(x, line, out);
    }
}

/* The first column that does not fit beside those from `first` on. */
static size_t block_end(const text_table *x, size_t first)
{
    size_t total = x->label_width, c = first;

    while (c < x->t->n &&
           (c == first || total + GAP + x->column[c].width <= x->t->s->width)) {
        total += GAP + x->column[c++].width;
    }
    return c;
}

void mtp_table_write_text(mtp_table_work *t)
{
    text_table x = {.t = t};
    mtp_strbuf *out = t->s->out;

    x.label_width = label_width(&x);
    for (size_t c = 0; c < t->n; c++) {
        out->failed = !measure(&x, c, &x.column[c]) || out->failed;
    }
    for (size_t c = 0; c < t->n && !out->failed; c = x.end) {
        mtp_strbuf_add(out, c > 0 ? "\nFurther columns:\n\n" : "");
        x.first = c;
        x.end = block_end(&x, c);
        write_block(&x, out);
    }
}
