/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "metapool/version.h"

#include "report/html_page.h"
#include "report/writers.h"
#include "text/markup.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

/* Bytes of a character that turns the direction of what follows (UAX #9, 2):
 * embeddings, overrides, isolates and what ends them; 0 for any other. */
static size_t direction_mark(const char *text)
{
    bool embedding = strncmp(text, "\xE2\x80", 2) == 0 &&
                     (unsigned char)text[2] >= 0xAA && (unsigned char)text[2] <= 0xAE;
    bool isolate = strncmp(text, "\xE2\x81", 2) == 0 &&
                   (unsigned char)text[2] >= 0xA6 && (unsigned char)text[2] <= 0xA9;

    return embedding || isolate ? 3 : 0;
}

/* In a sentence they would turn its rest. */
static void drop_direction_marks(char *text)
{
    char *to = text;

    while (*text) {
        size_t length = direction_mark(text);

        text += length;
        if (length == 0) {
            *to++ = *text++;
        }
    }
    *to = '\0';
}

/* Names come from files: <bdi> keeps one that reads from right to left from turning
 * what stands beside it. */
static void add_cell(mtp_strbuf *out, const mtp_doc_cell *cell, int digits, bool name)
{
    mtp_strbuf text;

    mtp_strbuf_init(&text);
    mtp_strbuf_add(&text, "");
    mtp_doc_cell_add(&text, cell, digits);
    out->failed = out->failed || text.failed;
    if (!out->failed) {
        if (!name) {
            drop_direction_marks(text.text);
        }
        mtp_strbuf_add(out, name ? "<bdi>" : "");
        (name ? mtp_markup_add : mtp_html_words)(out, text.text);
        mtp_strbuf_add(out, name ? "</bdi>" : "");
    }
    mtp_strbuf_free(&text);
}

static void add_phrase(mtp_strbuf *out, const mtp_phrase *phrase, int digits)
{
    for (size_t i = 0; i < phrase->n; i++) {
        add_cell(out, &phrase->cell[i], digits, false);
    }
}

static void write_phrases(const mtp_block *block, const char *element, int digits,
                          mtp_strbuf *out)
{
    for (size_t i = 0; i < block->n; i++) {
        mtp_strbuf_printf(out, "<%s>", element);
        add_phrase(out, &block->phrase[i], digits);
        mtp_strbuf_printf(out, "</%s>\n", element);
    }
}

static void write_entries(const mtp_block *block, int digits, mtp_strbuf *out)
{
    mtp_strbuf_add(out, "<dl>\n");
    for (size_t i = 0; i < block->n; i++) {
        mtp_strbuf_add(out, "<dt>");
        mtp_html_words(out, block->phrase[i].label);
        mtp_strbuf_add(out, "</dt><dd>");
        add_phrase(out, &block->phrase[i], digits);
        mtp_strbuf_add(out, "</dd>\n");
    }
    mtp_strbuf_add(out, "</dl>\n");
}

static bool is_pair(const mtp_doc_cell *cell)
{
    return cell->kind == MTP_DOC_INTERVAL || cell->kind == MTP_DOC_INTERVAL_PERCENT ||
           cell->kind == MTP_DOC_FRACTION;
}

/* A number in full, as far as it is finite, for sorting and for readers of the page;
 * both ends of an interval. */
static void add_value(mtp_strbuf *out, const mtp_doc_cell *cell)
{
    int n = is_pair(cell) ? 2 : 1;

    if (cell->kind == MTP_DOC_TEXT) {
        return;
    }
    mtp_strbuf_add(out, " data-value=\"");
    for (int i = 0; cell->kind != MTP_DOC_EMPTY && i < n; i++) {
        mtp_strbuf_add(out, i > 0 ? " " : "");
        if (!isnan(cell->value[i])) {
            mtp_strbuf_add_number(out, cell->value[i]);
        }
    }
    mtp_strbuf_add_char(out, '"');
}

static void write_section(const mtp_block *table, const mtp_doc_row *row, int digits,
                          mtp_strbuf *out)
{
    mtp_strbuf_printf(out,
                      "<tr class=\"section\"><th scope=\"colgroup\" "
                      "colspan=\"%zu\">",
                      table->n_columns);
    add_cell(out, &row->cell[0], digits, true);
    mtp_strbuf_add(out, "</th></tr>\n");
}

static void write_row(const mtp_block *table, const mtp_doc_row *row,
                      const mtp_html_look *look, mtp_strbuf *out)
{
    if (row->section) {
        write_section(table, row, look->digits, out);
        return;
    }
    mtp_strbuf_add(out, "<tr>");
    for (size_t j = 0; j < table->n_columns; j++) {
        bool head = j == 0 && table->column[0].left;

        mtp_strbuf_add(out, head                    ? "<th scope=\"row\""
                            : table->column[j].left ? "<td"
                                                    : "<td class=\"n\"");
        if (look->table_id) {
            add_value(out, &row->cell[j]);
        }
        mtp_strbuf_add_char(out, '>');
        add_cell(out, &row->cell[j], look->digits, row->cell[j].kind == MTP_DOC_TEXT);
        mtp_strbuf_add(out, head ? "</th>" : "</td>");
    }
    mtp_strbuf_add(out, "</tr>\n");
}

static void write_head(const mtp_block *table, const mtp_html_look *look,
                       mtp_strbuf *out)
{
    bool sorts = look->table_id != NULL;

    mtp_strbuf_add(out, "<thead>\n<tr>");
    for (size_t j = 0; j < table->n_columns; j++) {
        mtp_strbuf_printf(out, "<th scope=\"col\"%s%s>%s",
                          table->column[j].left ? "" : " class=\"n\"",
                          sorts ? " aria-sort=\"none\"" : "",
                          sorts ? "<button type=\"button\">" : "");
        mtp_html_words(out, table->column[j].label);
        mtp_strbuf_add(out, sorts ? "</button></th>" : "</th>");
    }
    mtp_strbuf_add(out, "</tr>\n</thead>\n");
}

/* A table that is too wide is scrolled, with the keyboard too. Each of its parts has a
 * body of its own, within which rows are sorted. */
static void write_table(const mtp_block *table, const mtp_html_look *look,
                        mtp_strbuf *out)
{
    mtp_strbuf_add(out, "<div class=\"wide\" tabindex=\"0\">\n<table");
    if (look->table_id) {
        mtp_strbuf_printf(out, " id=\"%s\"", look->table_id);
    }
    mtp_strbuf_add(out, ">\n");
    write_head(table, look, out);
    mtp_strbuf_add(out, "<tbody>\n");
    for (size_t i = 0; i < table->n; i++) {
        if (table->row[i].section && i > 0) {
            mtp_strbuf_add(out, "</tbody>\n<tbody>\n");
        }
        write_row(table, &table->row[i], look, out);
    }
    mtp_strbuf_add(out, "</tbody>\n</table>\n</div>\n");
}

static void write_block(const mtp_block *block, const mtp_html_look *look,
                        mtp_strbuf *out)
{
    char heading[] = "h2";
    int digits = look->digits;

    heading[1] = (char)('0' + look->heading);
    switch (block->kind) {
    case MTP_BLOCK_TITLE:
        write_phrases(block, "h1", digits, out);
        break;
    case MTP_BLOCK_HEADING:
        write_phrases(block, heading, digits, out);
        break;
    case MTP_BLOCK_PARAGRAPH:
        write_phrases(block, "p", digits, out);
        break;
    case MTP_BLOCK_ENTRIES:
        write_entries(block, digits, out);
        break;
    case MTP_BLOCK_NOTES:
        mtp_strbuf_add(out, "<ol>\n");
        write_phrases(block, "li", digits, out);
        mtp_strbuf_add(out, "</ol>\n");
        break;
    case MTP_BLOCK_TABLE:
        write_table(block, look, out);
        break;
    }
}

void mtp_html_blocks(mtp_strbuf *out, const mtp_document *doc,
                     const mtp_html_look *look)
{
    mtp_html_look plain = *look;
    size_t last = doc->n;

    plain.table_id = NULL;
    while (last > 0 && doc->block[last - 1].kind != MTP_BLOCK_TABLE) {
        last--;
    }
    for (size_t i = 0; i < doc->n; i++) {
        write_block(&doc->block[i], i + 1 == last ? look : &plain, out);
    }
}

/* The title of the document, as plain text. */
static void begin_page(const mtp_document *doc, int digits, mtp_strbuf *out)
{
    mtp_strbuf title;

    mtp_strbuf_init(&title);
    mtp_strbuf_add(&title, "");
    for (size_t i = 0; doc->n > 0 && i < doc->block[0].phrase[0].n; i++) {
        mtp_doc_cell_add(&title, &doc->block[0].phrase[0].cell[i], digits);
    }
    out->failed = out->failed || title.failed;
    if (!out->failed) {
        mtp_html_begin(out, &(mtp_html_head){title.text, "", ""});
    }
    mtp_strbuf_free(&title);
}

void mtp_write_html(const mtp_document *doc, const mtp_report_options *options,
                    mtp_strbuf *out)
{
    const mtp_html_look look = {options->digits, 2, NULL};

    begin_page(doc, options->digits, out);
    mtp_html_blocks(out, doc, &look);
    mtp_strbuf_add(out, "<footer>metapool " MTP_VERSION "</footer>\n");
    mtp_html_end(out, &(mtp_html_head){"", "", ""});
}
