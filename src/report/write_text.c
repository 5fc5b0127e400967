/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/writers.h"
#include "text/display.h"

#include <stdio.h>

enum { LABEL_MAX = 22 };

static void add_bold(mtp_strbuf *out, const char *text, bool color)
{
    mtp_strbuf_printf(out, color ? "\033[1m%s\033[0m" : "%s", text);
}

/* The phrase as one text, with glue within its numbers and before them, so that no line
 * breaks there. */
static void add_phrase(mtp_strbuf *out, const mtp_phrase *phrase, int digits)
{
    for (size_t i = 0; i < phrase->n; i++) {
        bool text = phrase->cell[i].kind == MTP_DOC_TEXT;
        size_t start = out->length > 0 ? out->length - 1 : 0;

        mtp_doc_cell_add(out, &phrase->cell[i], digits);
        for (size_t j = start; !text && j < out->length; j++) {
            out->text[j] = out->text[j] == ' ' ? MTP_GLUE : out->text[j];
        }
    }
}

/* The phrase in lines; the first goes on at `column`, the others begin at `indent`. */
static void wrap_phrase(mtp_strbuf *out, const mtp_phrase *phrase, size_t column,
                        size_t indent, const mtp_report_options *options)
{
    mtp_strbuf line;

    mtp_strbuf_init(&line);
    add_phrase(&line, phrase, options->digits);
    if (line.failed) {
        out->failed = true;
    } else {
        mtp_display_wrap(out, line.text ? line.text : "", column, indent,
                         (size_t)options->width);
    }
    mtp_strbuf_free(&line);
}

static void write_line(const mtp_block *block, const mtp_report_options *options,
                       mtp_strbuf *out)
{
    bool bold = options->color && block->kind != MTP_BLOCK_PARAGRAPH;

    mtp_strbuf_add(out, bold ? "\033[1m" : "");
    wrap_phrase(out, &block->phrase[0], 0, 0, options);
    if (bold && !out->failed) { /* before the line's end */
        out->length--;
        mtp_strbuf_add(out, "\033[0m\n");
    }
}

static void write_title(const mtp_block *block, const mtp_report_options *options,
                        mtp_strbuf *out)
{
    mtp_strbuf line;
    size_t width = (size_t)options->width, columns;

    write_line(block, options, out);
    mtp_strbuf_init(&line);
    add_phrase(&line, &block->phrase[0], options->digits);
    columns = line.text ? mtp_display_width(line.text) : 0;
    mtp_strbuf_add_repeated(out, '=', columns < width ? columns : width);
    mtp_strbuf_add_char(out, '\n');
    out->failed = out->failed || line.failed;
    mtp_strbuf_free(&line);
}

static void write_entries(const mtp_block *block, const mtp_report_options *options,
                          mtp_strbuf *out)
{
    size_t indent = 0;

    for (size_t i = 0; i < block->n; i++) {
        size_t width = mtp_display_width(block->phrase[i].label);

        indent = width > indent && width <= LABEL_MAX ? width : indent;
    }
    indent += 2;
    for (size_t i = 0; i < block->n; i++) {
        const mtp_phrase *phrase = &block->phrase[i];
        size_t width = mtp_display_width(phrase->label);
        size_t gap = width + 2 <= indent ? indent - width : 2;

        add_bold(out, phrase->label, options->color);
        mtp_strbuf_add_repeated(out, ' ', gap);
        wrap_phrase(out, phrase, width + gap, indent, options);
    }
}

static void write_notes(const mtp_block *block, const mtp_report_options *options,
                        mtp_strbuf *out)
{
    char number[32];
    size_t indent =
        (size_t)snprintf(number, sizeof number, "%zu", block->n) + sizeof ". " - 1;

    for (size_t i = 0; i < block->n; i++) {
        mtp_strbuf_printf(out, "%*zu. ", (int)indent - 2, i + 1);
        wrap_phrase(out, &block->phrase[i], indent, indent, options);
    }
}

void mtp_write_text(const mtp_document *doc, const mtp_report_options *options,
                    mtp_strbuf *out)
{
    for (size_t i = 0; i < doc->n; i++) {
        const mtp_block *block = &doc->block[i];

        if (i > 0 && doc->block[i - 1].kind != MTP_BLOCK_HEADING) {
            mtp_strbuf_add_char(out, '\n');
        }
        switch (block->kind) {
        case MTP_BLOCK_TITLE:
            write_title(block, options, out);
            break;
        case MTP_BLOCK_HEADING:
        case MTP_BLOCK_PARAGRAPH:
            write_line(block, options, out);
            break;
        case MTP_BLOCK_ENTRIES:
            write_entries(block, options, out);
            break;
        case MTP_BLOCK_NOTES:
            write_notes(block, options, out);
            break;
        case MTP_BLOCK_TABLE:
            mtp_write_text_table(block, options, out);
            break;
        }
    }
}
