/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/document.h"

#include <string.h>

void mtp_doc_init(mtp_document *doc, mtp_arena *arena)
{
    *doc = (mtp_document){.arena = arena};
}

/* Room for one more item: the array, moved if it had to grow; NULL without memory. */
static void *with_room(mtp_document *doc, void *items, size_t n, size_t *capacity,
                       size_t size)
{
    size_t wanted = *capacity ? 2 * *capacity : 8;
    void *moved;

    if (n < *capacity) {
        return items;
    }
    moved = doc->failed ? NULL : mtp_arena_zalloc(doc->arena, wanted, size);
    if (!moved) {
        doc->failed = true;
        return NULL;
    }
    if (n > 0) {
        memcpy(moved, items, n * size);
    }
    *capacity = wanted;
    return moved;
}

static mtp_block *add_block(mtp_document *doc, mtp_block_kind kind)
{
    mtp_block *block =
        with_room(doc, doc->block, doc->n, &doc->capacity, sizeof *doc->block);

    if (!block) {
        return NULL;
    }
    doc->block = block;
    block += doc->n++;
    *block = (mtp_block){.kind = kind};
    return block;
}

static mtp_phrase *add_phrase(mtp_document *doc, const char *label)
{
    mtp_block *block = doc->failed ? NULL : &doc->block[doc->n - 1];
    mtp_phrase *phrase = block ? with_room(doc, block->phrase, block->n,
                                           &block->capacity, sizeof *block->phrase)
                               : NULL;

    if (!phrase) {
        return NULL;
    }
    block->phrase = phrase;
    phrase += block->n++;
    *phrase = (mtp_phrase){.label = label};
    return phrase;
}

void mtp_doc_add(mtp_document *doc, mtp_doc_cell cell)
{
    mtp_block *block = doc->failed ? NULL : &doc->block[doc->n - 1];
    mtp_phrase *phrase = block ? &block->phrase[block->n - 1] : NULL;
    mtp_doc_cell *cells = phrase ? with_room(doc, phrase->cell, phrase->n,
                                             &phrase->capacity, sizeof *phrase->cell)
                                 : NULL;

    if (cells) {
        phrase->cell = cells;
        phrase->cell[phrase->n++] = cell;
    }
}

void mtp_doc_number(mtp_document *doc, mtp_doc_kind kind, double value)
{
    mtp_doc_add(doc, mtp_doc_cell_number(kind, value));
}

/* Formatted text that lives as long as the document; NULL without memory. */
static const char *format_text(mtp_document *doc, const char *format, va_list args)
    MTP_PRINTF(2, 0);
static const char *format_text(mtp_document *doc, const char *format, va_list args)
{
    const char *text = doc->failed ? NULL : mtp_arena_vprintf(doc->arena, format, args);

    doc->failed = doc->failed || !text;
    return text;
}

void mtp_doc_text(mtp_document *doc, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    mtp_doc_add(doc, mtp_doc_cell_text(format_text(doc, format, args)));
    va_end(args);
}

static void add_line(mtp_document *doc, mtp_block_kind kind, const char *text)
{
    add_block(doc, kind);
    add_phrase(doc, NULL);
    mtp_doc_add(doc, mtp_doc_cell_text(text));
}

void mtp_doc_title(mtp_document *doc, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    add_line(doc, MTP_BLOCK_TITLE, format_text(doc, format, args));
    va_end(args);
}

void mtp_doc_heading(mtp_document *doc, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    add_line(doc, MTP_BLOCK_HEADING, format_text(doc, format, args));
    va_end(args);
}

void mtp_doc_paragraph(mtp_document *doc)
{
    add_block(doc, MTP_BLOCK_PARAGRAPH);
    add_phrase(doc, NULL);
}

void mtp_doc_entries(mtp_document *doc)
{
    add_block(doc, MTP_BLOCK_ENTRIES);
}

void mtp_doc_notes(mtp_document *doc)
{
    add_block(doc, MTP_BLOCK_NOTES);
}

void mtp_doc_entry(mtp_document *doc, const char *label)
{
    add_phrase(doc, label);
}

void mtp_doc_table(mtp_document *doc, size_t n, const mtp_doc_column column[])
{
    mtp_block *block = add_block(doc, MTP_BLOCK_TABLE);
    mtp_doc_column *copy =
        block ? MTP_ARENA_ARRAY(doc->arena, n, mtp_doc_column) : NULL;

    if (!copy) {
        doc->failed = true;
        return;
    }
    memcpy(copy, column, n * sizeof *copy);
    block->column = copy;
    block->n_columns = n;
}

static mtp_doc_cell *add_row(mtp_document *doc, bool section)
{
    mtp_block *block = doc->failed ? NULL : &doc->block[doc->n - 1];
    mtp_doc_cell *cell =
        block ? mtp_arena_zalloc(doc->arena, block->n_columns, sizeof *cell) : NULL;
    mtp_doc_row *row =
        cell ? with_room(doc, block->row, block->n, &block->capacity, sizeof *row)
             : NULL;

    if (!row) {
        doc->failed = true;
        return doc->spare;
    }
    block->row = row;
    row[block->n++] = (mtp_doc_row){section, cell};
    return cell;
}

mtp_doc_cell *mtp_doc_row_new(mtp_document *doc)
{
    return add_row(doc, false);
}

void mtp_doc_section(mtp_document *doc, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    *add_row(doc, true) = mtp_doc_cell_text(format_text(doc, format, args));
    va_end(args);
}
