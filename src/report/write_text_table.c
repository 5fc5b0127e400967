/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/writers.h"
#include "text/display.h"

#include <stdint.h>
#include <string.h>

enum { GAP = 2, INDENT = 2, NAME_MIN = 12, HEADER_MAX = 12 };

/* A table being laid out. */
typedef struct layout {
    const mtp_block *table;
    const mtp_report_options *options;
    size_t width[MTP_DOC_COLUMNS_MAX];
    size_t total;
    size_t indent; /* of rows, in a table that has sections */
} layout;

/* Add text in `width` columns, cut if it may be, at its side of the column. */
static void add_padded(mtp_strbuf *out, const char *text, size_t width,
                       const mtp_doc_column *column)
{
    mtp_strbuf cut;
    size_t columns;

    mtp_strbuf_init(&cut);
    if (column->elastic) {
        mtp_display_cut(&cut, text, width);
    } else {
        mtp_strbuf_add(&cut, text);
    }
    columns = cut.text ? mtp_display_width(cut.text) : 0;
    columns = columns < width ? width - columns : 0;
    mtp_strbuf_add_repeated(out, ' ', column->left ? 0 : columns);
    mtp_strbuf_add(out, cut.text ? cut.text : "");
    mtp_strbuf_add_repeated(out, ' ', column->left ? columns : 0);
    out->failed = out->failed || cut.failed;
    mtp_strbuf_free(&cut);
}

static void end_line(mtp_strbuf *out)
{
    while (!out->failed && out->length > 0 && out->text[out->length - 1] == ' ') {
        out->text[--out->length] = '\0';
    }
    mtp_strbuf_add_char(out, '\n');
}

static size_t cell_width(const mtp_doc_cell *cell, int digits, mtp_strbuf *scratch)
{
    scratch->length = 0;
    mtp_strbuf_add(scratch, "");
    mtp_doc_cell_add(scratch, cell, digits);
    return scratch->failed ? 0 : mtp_display_width(scratch->text);
}

/* The lines of a header as a text with line breaks: words are put together as far as
 * the column's cells or HEADER_MAX columns go. The widest line is returned. */
static size_t break_header(const char *label, size_t cells, mtp_strbuf *lines)
{
    size_t widest = 0;

    lines->length = 0;
    mtp_strbuf_add(lines, "");
    mtp_display_wrap(lines, label, 0, 0, cells > HEADER_MAX ? cells : HEADER_MAX);
    for (char *at = lines->text, *end; !lines->failed && *at; at = end + 1) {
        size_t width;

        end = at + strcspn(at, "\n");
        *end = '\0';
        width = mtp_display_width(at);
        *end = '\n';
        widest = width > widest ? width : widest;
    }
    return widest;
}

static size_t widest_cell(const layout *to, size_t j, mtp_strbuf *scratch)
{
    size_t widest = 0;

    for (size_t i = 0; i < to->table->n; i++) {
        const mtp_doc_row *row = &to->table->row[i];
        size_t width =
            row->section ? 0 : cell_width(&row->cell[j], to->options->digits, scratch);

        widest = width > widest ? width : widest;
    }
    return widest + (j == 0 ? to->indent : 0);
}

/* Columns as wide as their cells and headers; where the whole is too wide, an elastic
 * column gives way, numbers never. */
static void lay_out(layout *to, mtp_strbuf *scratch)
{
    const mtp_block *table = to->table;
    size_t page = (size_t)to->options->width;

    for (size_t i = 0; i < table->n; i++) {
        to->indent = table->row[i].section ? INDENT : to->indent;
    }
    to->total = GAP * (table->n_columns - 1);
    for (size_t j = 0; j < table->n_columns; j++) {
        size_t cells = widest_cell(to, j, scratch);
        size_t header = break_header(table->column[j].label, cells, scratch);

        to->width[j] = cells > header ? cells : header;
        to->total += to->width[j];
    }
    for (size_t j = 0; j < table->n_columns && to->total > page; j++) {
        size_t excess = to->total - page, width = to->width[j];

        if (table->column[j].elastic && width > NAME_MIN) {
            to->width[j] = width > NAME_MIN + excess ? width - excess : NAME_MIN;
            to->total -= width - to->width[j];
        }
    }
}

/* Line `line` of a header alone in `lines`, "" where it has none; returns how many
 * there are. */
static size_t header_line(const layout *to, size_t j, size_t line, mtp_strbuf *lines)
{
    size_t n = 0, start = 0, length = 0;

    (void)break_header(to->table->column[j].label, to->width[j], lines);
    for (size_t at = 0; at < lines->length; at += strcspn(lines->text + at, "\n") + 1) {
        if (n++ == line) {
            start = at;
            length = strcspn(lines->text + at, "\n");
        }
    }
    if (!lines->failed) {
        memmove(lines->text, lines->text + start, length);
        lines->text[length] = '\0';
        lines->length = length;
    }
    return n;
}

/* Headers end on the same line. */
static void write_header(const layout *to, mtp_strbuf *scratch, mtp_strbuf *out)
{
    const mtp_doc_column *column = to->table->column;
    size_t tallest = 0, n = to->table->n_columns;

    for (size_t j = 0; j < n; j++) {
        size_t lines = header_line(to, j, 0, scratch);

        tallest = lines > tallest ? lines : tallest;
    }
    for (size_t line = 0; line < tallest; line++) {
        for (size_t j = 0; j < n; j++) {
            size_t lines = header_line(to, j, 0, scratch);
            size_t blank = tallest - lines;

            (void)header_line(to, j, line < blank ? SIZE_MAX : line - blank, scratch);
            mtp_strbuf_add_repeated(out, ' ', j > 0 ? GAP : 0);
            add_padded(out, scratch->text, to->width[j], &column[j]);
        }
        end_line(out);
    }
    mtp_strbuf_add_repeated(out, '-', to->total);
    mtp_strbuf_add_char(out, '\n');
}

/* The text in lines of its column; its first line stays in the text, what is left goes
 * to `rest`, which is empty where the text fits. */
static void break_name(mtp_strbuf *text, size_t width, mtp_strbuf *rest)
{
    mtp_strbuf lines;
    size_t first;

    if (text->failed || mtp_display_width(text->text) <= width) {
        return;
    }
    mtp_strbuf_init(&lines);
    mtp_display_wrap(&lines, text->text, 0, INDENT, width);
    if (!lines.failed) {
        first = strcspn(lines.text, "\n");
        text->length = 0;
        mtp_strbuf_add_bytes(text, lines.text, first);
        mtp_strbuf_add(rest, lines.text + first + 1);
    }
    rest->failed = rest->failed || lines.failed;
    mtp_strbuf_free(&lines);
}

static void write_row(const layout *to, const mtp_doc_row *row, mtp_strbuf *scratch,
                      mtp_strbuf *out)
{
    mtp_strbuf rest;

    mtp_strbuf_init(&rest);
    for (size_t j = 0; j < to->table->n_columns; j++) {
        size_t indent = j == 0 ? to->indent : 0;

        (void)cell_width(&row->cell[j], to->options->digits, scratch);
        if (j == 0 && to->table->column[0].elastic == MTP_DOC_WRAP) {
            break_name(scratch, to->width[0] - indent, &rest);
        }
        mtp_strbuf_add_repeated(out, ' ', j > 0 ? GAP : indent);
        add_padded(out, scratch->text, to->width[j] - indent, &to->table->column[j]);
    }
    end_line(out);
    mtp_strbuf_add(out, rest.text ? rest.text : "");
    out->failed = out->failed || rest.failed;
    mtp_strbuf_free(&rest);
}

static void write_section(const layout *to, const mtp_doc_row *row, mtp_strbuf *scratch,
                          mtp_strbuf *out)
{
    bool bold = to->options->color;

    (void)cell_width(&row->cell[0], to->options->digits, scratch);
    mtp_strbuf_add(out, bold ? "\033[1m" : "");
    mtp_display_cut(out, scratch->text, (size_t)to->options->width);
    mtp_strbuf_add(out, bold ? "\033[0m\n" : "\n");
}

void mtp_write_text_table(const mtp_block *table, const mtp_report_options *options,
                          mtp_strbuf *out)
{
    layout to = {.table = table, .options = options};
    mtp_strbuf scratch;

    mtp_strbuf_init(&scratch);
    mtp_strbuf_add(&scratch, "");
    if (scratch.failed) { /* before there is any text to look at */
        out->failed = true;
        return;
    }
    lay_out(&to, &scratch);
    write_header(&to, &scratch, out);
    for (size_t i = 0; i < table->n; i++) {
        if (table->row[i].section) {
            write_section(&to, &table->row[i], &scratch, out);
        } else {
            write_row(&to, &table->row[i], &scratch, out);
        }
    }
    out->failed = out->failed || scratch.failed;
    mtp_strbuf_free(&scratch);
}
