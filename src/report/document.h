/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_REPORT_DOCUMENT_H
#define MTP_REPORT_DOCUMENT_H

#include "core/arena.h"
#include "report/cell.h"

#include <stdbool.h>

/**
 * A neutral document: what a report says, in order, before anyone chose how it looks.
 * It is built once from a bundle and written as text, Markdown or CSV, which therefore
 * hold the same cells.
 */
typedef enum mtp_block_kind {
    MTP_BLOCK_TITLE,     /* one phrase */
    MTP_BLOCK_HEADING,   /* one phrase */
    MTP_BLOCK_PARAGRAPH, /* one phrase */
    MTP_BLOCK_ENTRIES,   /* phrases with labels */
    MTP_BLOCK_NOTES,     /* numbered phrases */
    MTP_BLOCK_TABLE,
} mtp_block_kind;

/** Cells that are read one after the other, as a sentence. */
typedef struct mtp_phrase {
    const char *label; /* NULL: none */
    size_t n, capacity;
    mtp_doc_cell *cell;
} mtp_phrase;

enum { MTP_DOC_COLUMNS_MAX = 64 };

/* What may become of text where a table is too wide. */
enum {
    MTP_DOC_RIGID = 0, /* nothing */
    MTP_DOC_CUT = 1,   /* it is cut */
    MTP_DOC_WRAP = 2,  /* in the first column: it goes on in the next line */
};

typedef struct mtp_doc_column {
    const char *id;    /* CSV: the header */
    const char *label; /* text and Markdown: the header */
    bool left;         /* aligned left; numbers are aligned right */
    int elastic;       /* where the table is too wide: MTP_DOC_RIGID (false), ... */
} mtp_doc_column;

typedef struct mtp_doc_row {
    bool section; /* cell[0] is a heading within the table; the others are empty */
    mtp_doc_cell *cell;
} mtp_doc_row;

typedef struct mtp_block {
    mtp_block_kind kind;
    size_t n, capacity; /* of phrases, or of rows */
    mtp_phrase *phrase;
    mtp_doc_row *row;
    size_t n_columns;
    const mtp_doc_column *column;
} mtp_block;

/** Running out of memory is remembered in `failed`; check once at the end. */
typedef struct mtp_document {
    mtp_arena *arena;
    size_t n, capacity;
    mtp_block *block;
    bool failed;
    int more; /* decimals that figures on the natural scale need beyond the others */
    mtp_doc_cell spare[MTP_DOC_COLUMNS_MAX]; /* a row to write to when memory is out */
} mtp_document;

void mtp_doc_init(mtp_document *doc, mtp_arena *arena);

/* Blocks. Text that is not formatted here is borrowed. */
void mtp_doc_title(mtp_document *doc, const char *format, ...) MTP_PRINTF(2, 3);
void mtp_doc_heading(mtp_document *doc, const char *format, ...) MTP_PRINTF(2, 3);
void mtp_doc_paragraph(mtp_document *doc);
void mtp_doc_entries(mtp_document *doc);
void mtp_doc_notes(mtp_document *doc);
void mtp_doc_table(mtp_document *doc, size_t n, const mtp_doc_column column[]);

/** A new phrase of the entries or notes that were begun last. label may be NULL. */
void mtp_doc_entry(mtp_document *doc, const char *label);
/** The phrase that was begun last goes on. */
void mtp_doc_text(mtp_document *doc, const char *format, ...) MTP_PRINTF(2, 3);
void mtp_doc_add(mtp_document *doc, mtp_doc_cell cell);
void mtp_doc_number(mtp_document *doc, mtp_doc_kind kind, double value);

/** A row of empty cells at the end of the last table, to be filled; never NULL. */
mtp_doc_cell *mtp_doc_row_new(mtp_document *doc);
void mtp_doc_section(mtp_document *doc, const char *format, ...) MTP_PRINTF(2, 3);

#endif
