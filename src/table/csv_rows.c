/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/csv_rows.h"

#include "table/csv_split.h"

#include <string.h>

/*
 * Records without quotes are split by csv_split.c, all others by libcsv, which decides
 * what quotes mean. It neither counts lines nor checks bytes, and is therefore fed line
 * by line: each piece holds at most one line end, and `scanner.line` is the line of
 * whatever it reports meanwhile.
 */

enum { COLUMN_LIMIT = 32767 };

static void stop_at(mtp_csv_rows *r, mtp_status status, size_t line,
                    const char *message)
{
    mtp_collect(&r->collector, status, line, NULL, "%s", message);
    r->stop = true;
}

static void stop_nomem(mtp_csv_rows *r)
{
    mtp_collect_nomem(&r->collector);
    r->stop = true;
}

/* Room for all rows that the rest of the segment can have: each has a line end, and a
 * byte for each field, but for the last one of the file. */
static bool begin_chunk(mtp_csv_rows *r)
{
    size_t columns = r->file->builder.columns;
    size_t by_bytes = ((size_t)(r->end - r->at) + 1) / columns + 1;

    return mtp_chunk_begin(&r->chunk, columns, r->room < by_bytes ? r->room : by_bytes);
}

static void end_header(mtp_csv_rows *r)
{
    mtp_builder *builder = &r->file->builder;

    r->file->has_header = true;
    if (!mtp_builder_check_names(builder, &r->collector, r->row_line) ||
        !mtp_builder_begin_columns(builder) || !begin_chunk(r)) {
        stop_nomem(r);
    }
}

static void report_ragged(mtp_csv_rows *r)
{
    size_t columns = r->file->builder.columns;
    const char *advice =
        r->fields < columns ? "a delimiter may be missing, or a field with a line "
                              "break lacks its double quotes"
        : columns == 1 ? "delete what stands above the header, or put a field that "
                         "holds the delimiter in double quotes"
                       : "a field that holds the delimiter must stand in double quotes";

    mtp_collect(&r->collector, r->file->forgiving ? MTP_OK : MTP_E_DATA, r->row_line,
                NULL, "the row has %zu field%s, the header has %zu; %s", r->fields,
                r->fields == 1 ? "" : "s", columns, advice);
}

static void end_row(mtp_csv_rows *r)
{
    size_t columns = r->file->builder.columns;
    bool blank_line = r->fields == 1 && r->first_blank;

    if (!r->file->has_header && blank_line) {
        mtp_builder_clear_names(&r->file->builder);
    } else if (!r->file->has_header) {
        end_header(r);
    } else if (r->fields == columns) {
        mtp_chunk_end_row(&r->chunk, r->row_line);
    } else if (!blank_line) {
        report_ragged(r);
    }
    r->fields = 0;
}

/* The field's text replaces what it was read from: with its NUL it is not longer, for
 * behind it there was a delimiter or a line end, or the spare bytes follow. */
static bool keep_field(mtp_csv_rows *r, const char *text, size_t length)
{
    if (!r->file->has_header) {
        return mtp_builder_add_name(&r->file->builder, text, length);
    }
    memcpy(r->write, text, length);
    r->write[length] = '\0';
    if (r->fields < r->chunk.columns) {
        mtp_chunk_set(&r->chunk, r->fields, r->write);
    }
    r->write += length + 1;
    return true;
}

static void on_field(void *text, size_t length, void *context)
{
    mtp_csv_rows *r = context;
    size_t line = r->field_line;

    r->field_line = r->scanner.line; /* of the next field */
    if (r->stop) {
        return;
    }
    if (length > MTP_FIELD_LIMIT) {
        stop_at(r, MTP_E_DATA, line, "a field is larger than 16 MiB");
    } else if (!r->file->has_header && r->fields == COLUMN_LIMIT) {
        stop_at(r, MTP_E_DATA, line, "the header has more than 32767 columns");
    } else if (!keep_field(r, text, length)) {
        stop_nomem(r);
    } else {
        r->first_blank = r->fields == 0 && length > 0 && mtp_is_blank(text);
        r->fields++;
    }
}

static void on_row(int end, void *context)
{
    mtp_csv_rows *r = context;

    (void)end;
    r->row_ended = true;
    if (!r->stop) {
        end_row(r);
    }
}

/* Why libcsv stopped within the line that it was fed. */
static void report_parse_error(mtp_csv_rows *r)
{
    const mtp_builder *builder = &r->file->builder;
    const char *column = r->file->has_header && r->fields < builder->columns
                             ? builder->name[r->fields]
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
                    "a double quote inside a field, or a blank outside the quotes of "
                    "one; the quotes enclose all of a field, and each quote inside "
                    "is written twice");
    }
}

static void check_sizes(mtp_csv_rows *r)
{
    /* The buffer grows by blocks with the field in it. */
    if (csv_get_buffer_size(&r->parser) >
        (size_t)MTP_FIELD_LIMIT + 2 * (size_t)MTP_BLOCK) {
        stop_at(r, MTP_E_DATA, r->field_line,
                "a field is larger than 16 MiB; if it begins with a quote, the "
                "closing quote may be missing");
    } else if (r->row_bytes > MTP_ROW_LIMIT) {
        stop_at(r, MTP_E_DATA, r->row_line, "a row is larger than 64 MiB");
    }
}

static void feed_piece(mtp_csv_rows *r, const mtp_piece *piece)
{
    if (!r->row_open) {
        r->row_line = r->field_line = r->scanner.line;
        r->row_bytes = 0;
        r->write = r->at;
    }
    r->row_bytes += piece->length;
    r->row_ended = false;
    if (csv_parse(&r->parser, r->at, piece->length, on_field, on_row, r) !=
        piece->length) {
        report_parse_error(r);
    }
    r->row_open = !r->row_ended && (r->row_open || !piece->blank);
    r->scanner.line += piece->ends_line;
    r->at += piece->length;
    if (!r->stop) {
        check_sizes(r);
    }
}

static void report_bytes(mtp_csv_rows *r, mtp_scan_status status, unsigned char byte)
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

/* One record, or an empty line, by libcsv. */
static void feed_record(mtp_csv_rows *r)
{
    do {
        size_t left = (size_t)(r->end - r->at);
        mtp_piece piece;
        mtp_scan_status status = mtp_scan_piece(
            &r->scanner, r->at, left < MTP_BLOCK ? left : MTP_BLOCK, &piece);

        if (status == MTP_SCAN_OK) {
            feed_piece(r, &piece);
        } else {
            report_bytes(r, status, (unsigned char)r->at[piece.length]);
        }
    } while (r->row_open && !r->stop && r->at < r->end);
    if (r->scanner.after_cr && r->at < r->end && *r->at == '\n') {
        r->at++; /* of the same line end; libcsv would pass it over, too */
    }
    r->scanner.after_cr = false;
}

/* One record, or an empty line, by our own means where that can be. */
static bool split_record(mtp_csv_rows *r)
{
    mtp_split split;

    if (!mtp_split_record(r->at, r->file->delimiter, &r->chunk, &split)) {
        return false;
    }
    if (split.end > r->at) {
        r->fields = split.fields;
        r->row_line = r->scanner.line;
        r->first_blank = split.fields == 1 && mtp_is_blank(r->at);
        end_row(r);
    }
    r->scanner.line++;
    r->at = split.next;
    return true;
}

/* The file ends here. */
static void end_file(mtp_csv_rows *r)
{
    if (mtp_scan_is_cut(&r->scanner)) {
        stop_at(r, MTP_E_SYNTAX, r->scanner.line, "the file ends inside a character");
    } else if (r->row_open && csv_fini(&r->parser, on_field, on_row, r) != 0 &&
               !r->stop) {
        stop_at(r, MTP_E_SYNTAX, r->field_line,
                "the quote that opens this field is never closed");
    }
}

static void begin_segment(mtp_csv_rows *r, const mtp_segment *segment)
{
    r->problems.count = 0;
    r->collector = (mtp_collector){
        .source = r->file->source, .problems = &r->problems, .err = &r->failure};
    r->at = segment->bytes;
    r->end = segment->bytes + segment->length;
    r->room = segment->survey.line_ends + 1;
    mtp_scanner_init(&r->scanner);
    r->scanner.line = segment->line;
    r->stop = r->row_open = false;
    r->fields = 0;
    r->chunk.rows = 0;
    csv_set_delim(&r->parser, (unsigned char)r->file->delimiter);
    if (segment->is_last) {
        *r->end = '\n'; /* a spare byte, for the last record */
    }
    if (r->file->has_header && !begin_chunk(r)) {
        stop_nomem(r);
    }
}

void mtp_csv_rows_split(mtp_csv_rows *rows, const mtp_segment *segment)
{
    mtp_csv_rows *r = rows;
    const mtp_survey *survey = &segment->survey;
    bool clean = !survey->has_nul &&
                 (survey->ascii || mtp_is_utf8(segment->bytes, segment->length));
    bool split = clean && !r->file->only_libcsv;

    begin_segment(r, segment);
    while (r->at < r->end && !r->stop) {
        if (!(split && r->file->has_header && split_record(r))) {
            feed_record(r);
        }
    }
    if (segment->is_last && !r->stop) {
        end_file(r);
    }
}

void mtp_csv_rows_read(mtp_csv_rows *rows, const mtp_segment *segment)
{
    mtp_csv_file *file = rows->file;

    mtp_csv_rows_split(rows, segment);
    if (file->has_header && rows->collector.status == MTP_OK &&
        !mtp_chunk_read(&rows->chunk, file->rules, file->builder.grown.is_text)) {
        stop_nomem(rows);
    }
}

/* Blanks belong to the text; only missing values and numbers look past them. */
static int never_blank(unsigned char c)
{
    (void)c;
    return 0;
}

bool mtp_csv_rows_init(mtp_csv_rows *rows, mtp_csv_file *file)
{
    rows->file = file;
    if (csv_init(&rows->parser, CSV_STRICT | CSV_STRICT_FINI | CSV_APPEND_NULL) != 0) {
        return false;
    }
    csv_set_space_func(&rows->parser, never_blank);
    csv_set_realloc_func(&rows->parser, mtp_heap_resize);
    csv_set_blk_size(&rows->parser, MTP_BLOCK);
    return true;
}

void mtp_csv_rows_free(mtp_csv_rows *rows)
{
    csv_free(&rows->parser);
    mtp_chunk_free(&rows->chunk);
}
