/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/error.h"
#include "table/blocks.h"
#include "table/builder.h"
#include "table/cells.h"
#include "table/collector.h"
#include "table/scan.h"
#include "table/sqlite_file.h"
#include "table/table.h"

#include <stdlib.h>
#include <string.h>

#include <csv.h>

/*
 * CSV by libcsv, fed line by line: libcsv neither counts lines nor checks bytes, so
 * that each piece it gets holds at most one line end, and `scanner.line` is the line of
 * whatever it reports meanwhile.
 */

enum {
    FIELD_LIMIT = 16 * 1024 * 1024,
    ROW_LIMIT = 64 * 1024 * 1024,
    COLUMN_LIMIT = 32767,
};

typedef struct reader {
    mtp_collector collector;
    mtp_builder builder;
    mtp_blocks blocks;
    char block[MTP_BLOCK];
    mtp_scanner scanner;
    struct csv_parser parser;
    bool has_header;
    bool stop;         /* a problem after which reading on makes no sense */
    bool row_open;     /* a row has begun and not ended */
    bool row_ended;    /* by the piece just fed */
    bool first_blank;  /* the row's first field holds blanks and nothing else */
    size_t row_line;   /* where the row began */
    size_t field_line; /* where the field began */
    size_t row_bytes;
    size_t fields; /* of this row so far */
} reader;

static void stop_at(reader *r, mtp_status status, size_t line, const char *message)
{
    mtp_collect(&r->collector, status, line, NULL, "%s", message);
    r->stop = true;
}

static void stop_nomem(reader *r)
{
    mtp_error problem;

    (void)mtp_fail_nomem(&problem);
    mtp_collect_error(&r->collector, &problem);
    r->stop = true;
}

/* Cells are kept as long as a table can still come of them. */
static bool keep_field(reader *r, const char *text, size_t length)
{
    if (!r->has_header) {
        return mtp_builder_add_name(&r->builder, text, length);
    }
    return r->collector.status != MTP_OK || r->fields >= r->builder.columns ||
           mtp_builder_set_cell(&r->builder, r->fields, text, length);
}

static void on_field(void *text, size_t length, void *context)
{
    reader *r = context;
    size_t line = r->field_line;

    r->field_line = r->scanner.line; /* of the next field */
    if (r->stop) {
        return;
    }
    if (length > FIELD_LIMIT) {
        stop_at(r, MTP_E_DATA, line, "a field is larger than 16 MiB");
    } else if (!r->has_header && r->fields == COLUMN_LIMIT) {
        stop_at(r, MTP_E_DATA, line, "the header has more than 32767 columns");
    } else if (!keep_field(r, text, length)) {
        stop_nomem(r);
    } else {
        r->first_blank = r->fields == 0 && length > 0 && mtp_is_blank(text);
        r->fields++;
    }
}

static void end_header(reader *r)
{
    r->has_header = true;
    if (!mtp_builder_check_names(&r->builder, &r->collector, r->row_line)) {
        stop_nomem(r);
    }
}

static void report_ragged(reader *r)
{
    size_t columns = r->builder.columns;

    mtp_collect(&r->collector, MTP_E_DATA, r->row_line, NULL,
                "the row has %zu field%s, the header has %zu%s", r->fields,
                r->fields == 1 ? "" : "s", columns,
                r->fields > columns
                    ? "; a field that holds the delimiter must stand in double quotes"
                    : "");
}

static void on_row(int end, void *context)
{
    reader *r = context;
    bool blank_line = r->fields == 1 && r->first_blank;

    (void)end;
    r->row_ended = true;
    if (r->stop) {
        return;
    }
    if (!r->has_header && blank_line) {
        mtp_builder_clear_names(&r->builder);
    } else if (!r->has_header) {
        end_header(r);
    } else if (r->fields == r->builder.columns) {
        if (r->collector.status == MTP_OK) {
            mtp_builder_end_row(&r->builder, r->row_line);
        }
    } else if (!blank_line) {
        report_ragged(r);
    }
    r->fields = 0;
}

/* Why libcsv stopped within the line that it was fed. */
static void report_parse_error(reader *r)
{
    const char *column = r->has_header && r->fields < r->builder.columns
                             ? r->builder.name[r->fields]
                             : NULL;
    size_t line = r->scanner.line;

    if (r->stop) {
        return;
    }
    r->stop = true;
    if (csv_error(&r->parser) != CSV_EPARSE) {
        stop_nomem(r);
    } else if (r->field_line != line) {
        mtp_collect(&r->collector, MTP_E_SYNTAX, line, column,
                    "text follows the quote that closes a field begun on line %zu; a "
                    "quote may be missing there, and a quote inside is written twice",
                    r->field_line);
    } else {
        mtp_collect(&r->collector, MTP_E_SYNTAX, line, column,
                    "a double quote inside a field; such a field stands in double "
                    "quotes, and each quote inside is written twice");
    }
}

static void check_sizes(reader *r)
{
    /* The buffer grows by blocks with the field in it. */
    if (csv_get_buffer_size(&r->parser) > (size_t)FIELD_LIMIT + 2 * (size_t)MTP_BLOCK) {
        mtp_collect(&r->collector, MTP_E_DATA, r->field_line, NULL,
                    "a field is larger than 16 MiB; if it begins with a quote, the "
                    "closing quote may be missing");
        r->stop = true;
    } else if (r->row_bytes > ROW_LIMIT) {
        stop_at(r, MTP_E_DATA, r->row_line, "a row is larger than 64 MiB");
    }
}

static void feed(reader *r, const char *bytes, const mtp_piece *piece)
{
    if (!r->row_open) {
        r->row_line = r->field_line = r->scanner.line;
        r->row_bytes = 0;
    }
    r->row_bytes += piece->length;
    r->row_ended = false;
    if (csv_parse(&r->parser, bytes, piece->length, on_field, on_row, r) !=
        piece->length) {
        report_parse_error(r);
    }
    r->row_open = !r->row_ended && (r->row_open || !piece->blank);
    r->scanner.line += piece->ends_line;
    if (!r->stop) {
        check_sizes(r);
    }
}

static void report_bytes(reader *r, mtp_scan_status status, unsigned char byte)
{
    if (status == MTP_SCAN_NUL) {
        stop_at(r, MTP_E_SYNTAX, r->scanner.line,
                "a NUL byte; this is not a text file, or not in UTF-8");
    } else {
        mtp_collect(&r->collector, MTP_E_SYNTAX, r->scanner.line, NULL,
                    "byte 0x%02X is not UTF-8 here; save the table as UTF-8",
                    r->scanner.pending ? r->scanner.lead : byte);
        r->stop = true;
    }
}

static void feed_block(reader *r, const char *block, size_t length)
{
    while (length > 0 && !r->stop) {
        mtp_piece piece;
        mtp_scan_status status = mtp_scan_piece(&r->scanner, block, length, &piece);

        if (status != MTP_SCAN_OK) {
            report_bytes(r, status, (unsigned char)block[piece.length]);
            return;
        }
        feed(r, block, &piece);
        block += piece.length;
        length -= piece.length;
    }
}

/* The first block tells encoding and delimiter; returns what of it is text. */
static size_t begin(reader *r, const mtp_table_options *options, const char *block,
                    size_t length)
{
    size_t skip;
    const char *encoding = mtp_scan_mark(block, length, &skip);
    char delimiter = options->delimiter;

    if (mtp_is_sqlite(block, length)) {
        stop_at(r, MTP_E_DATA, 0,
                r->blocks.packed
                    ? "the gzip file holds an SQLite database; unpack it first"
                    : "this is an SQLite database, not text; give its file name, for "
                      "it cannot be read from a pipe");
        return length;
    }
    if (encoding) {
        mtp_collect(&r->collector, MTP_E_SYNTAX, 0, NULL,
                    "the file is %s; save the table as UTF-8", encoding);
        r->stop = true;
        return length;
    }
    if (!delimiter) {
        delimiter = mtp_scan_delimiter(block + skip, length - skip, options->decimal);
    }
    if (delimiter == ',' && options->decimal == ',') {
        stop_at(r, MTP_E_ARG, 0,
                "the header is delimited by commas; with a decimal comma the delimiter "
                "is a semicolon or a tab");
    }
    csv_set_delim(&r->parser, (unsigned char)delimiter);
    return skip;
}

static void finish_parsing(reader *r)
{
    if (mtp_scan_is_cut(&r->scanner)) {
        stop_at(r, MTP_E_SYNTAX, r->scanner.line, "the file ends inside a character");
    } else if (csv_fini(&r->parser, on_field, on_row, r) != 0 && !r->stop) {
        stop_at(r, MTP_E_SYNTAX, r->field_line,
                "the quote that opens this field is never closed");
    } else if (!r->has_header && !r->stop) {
        stop_at(r, MTP_E_DATA, 0,
                r->scanner.line > 1 ? "the file holds nothing but blank lines"
                                    : "the file is empty");
    } else if (r->collector.status == MTP_OK && r->builder.rows == 0) {
        stop_at(r, MTP_E_DATA, 0, "the file has a header but no rows");
    }
}

static void read_blocks(reader *r, const mtp_table_options *options)
{
    bool first = true;

    while (!r->stop) {
        const char *block = r->block;
        size_t length, skip = 0;
        mtp_error problem;

        if (mtp_blocks_read(&r->blocks, r->block, sizeof r->block, &length, &problem) !=
            MTP_OK) {
            mtp_collect_error(&r->collector, &problem);
            return;
        }
        if (length == 0) {
            finish_parsing(r);
            return;
        }
        if (first) {
            skip = begin(r, options, block, length);
            first = false;
        }
        feed_block(r, block + skip, length - skip);
    }
}

/* Blanks belong to the text; only missing values and numbers look past them. */
static int never_blank(unsigned char c)
{
    (void)c;
    return 0;
}

static mtp_status read_all(reader *r, const mtp_table_options *options,
                           mtp_table **table)
{
    char sha256[MTP_DIGEST_TEXT];

    if (!mtp_builder_init(&r->builder) ||
        csv_init(&r->parser, CSV_STRICT | CSV_STRICT_FINI | CSV_APPEND_NULL) != 0) {
        stop_nomem(r);
        return r->collector.status;
    }
    csv_set_space_func(&r->parser, never_blank);
    csv_set_blk_size(&r->parser, MTP_BLOCK);
    mtp_scanner_init(&r->scanner);
    read_blocks(r, options);
    if (r->collector.status == MTP_OK) {
        mtp_cell_rules rules = {options->missing, options->decimal};

        mtp_digest_end(&r->blocks.digest, sha256);
        if (mtp_builder_finish(&r->builder, rules, sha256, &r->collector, table) ==
            MTP_E_NOMEM) {
            stop_nomem(r);
        }
    }
    csv_free(&r->parser);
    return r->collector.status;
}

static mtp_status check_options(const mtp_table_options *given,
                                mtp_table_options *options, mtp_error *err)
{
    mtp_table_options_init(options, sizeof *options);
    if (given) {
        size_t size = given->size < sizeof *options ? given->size : sizeof *options;

        memcpy(options, given, size);
    }
    if (options->delimiter && ((unsigned char)options->delimiter > 0x7F ||
                               strchr("\"\r\n", options->delimiter))) {
        return mtp_fail(err, MTP_E_ARG,
                        "the delimiter must be an ASCII character other than a double "
                        "quote or a line end");
    }
    if (!options->decimal) {
        options->decimal = '.';
    }
    if (options->decimal != '.' && options->decimal != ',') {
        return mtp_fail(err, MTP_E_ARG, "the decimal mark must be a point or a comma");
    }
    if (options->decimal == ',' && options->delimiter == ',') {
        return mtp_fail(err, MTP_E_ARG,
                        "a comma cannot be both decimal mark and delimiter; with a "
                        "decimal comma the delimiter is a semicolon or a tab");
    }
    return MTP_OK;
}

/* Read what r->blocks gives and take the reader apart. */
static mtp_status read_and_free(reader *r, const mtp_table_options *options,
                                mtp_table **table)
{
    mtp_status status;

    r->collector.source = r->blocks.source;
    status = read_all(r, options, table);
    mtp_blocks_close(&r->blocks);
    mtp_builder_free(&r->builder);
    free(r);
    return status;
}

mtp_status mtp_table_read_csv(const char *path, const mtp_table_options *options,
                              mtp_table **table, mtp_problems *problems, mtp_error *err)
{
    mtp_table_options effective;
    mtp_status status = check_options(options, &effective, err);
    mtp_error problem;
    reader *r;

    if (status != MTP_OK) {
        return status;
    }
    r = calloc(1, sizeof *r);
    if (!r) {
        return mtp_fail_nomem(err);
    }
    r->collector = (mtp_collector){.problems = problems, .err = err};
    status = mtp_blocks_open(&r->blocks, path, &problem);
    if (status != MTP_OK) {
        mtp_collect_error(&r->collector, &problem);
        free(r);
        return status;
    }
    return read_and_free(r, &effective, table);
}

mtp_status mtp_table_parse_csv(const char *source, const char *bytes, size_t length,
                               const mtp_table_options *options, mtp_table **table,
                               mtp_problems *problems, mtp_error *err)
{
    mtp_table_options effective;
    mtp_status status = check_options(options, &effective, err);
    reader *r;

    if (status != MTP_OK) {
        return status;
    }
    r = calloc(1, sizeof *r);
    if (!r) {
        return mtp_fail_nomem(err);
    }
    r->collector = (mtp_collector){.problems = problems, .err = err};
    mtp_blocks_from_memory(&r->blocks, source, bytes, length);
    return read_and_free(r, &effective, table);
}
