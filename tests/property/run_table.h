/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_PROPERTY_RUN_TABLE_H
#define MTP_PROPERTY_RUN_TABLE_H

#include "metapool/metapool.h"

#include "support/test.h"

#include <stdlib.h>

#include <jansson.h>

/* From the bytes of a table and a list of options to the JSON report, parsed. */

/* Name and value in turn, NULL at the end. */
static inline mtp_request *make_request(mtp_command command,
                                        const char *const options[])
{
    mtp_request *request = NULL;
    mtp_error err;

    assert_int_equal(mtp_request_new(command, &request, &err), MTP_OK);
    for (size_t i = 0; options[i]; i += 2) {
        if (mtp_request_set(request, options[i], options[i + 1], &err) != MTP_OK) {
            fail_msg("--%s %s: %s", options[i], options[i + 1], err.message);
        }
    }
    return request;
}

/* The report as text; freed with mtp_text_free. */
static inline char *report_of(const char *bytes, mtp_command command,
                              const char *const options[], mtp_format format)
{
    mtp_request *request = make_request(command, options);
    mtp_table *table = NULL;
    mtp_bundle *bundle = NULL;
    mtp_error err = {0};
    char *text = NULL;

    if (mtp_table_parse_csv("table.csv", bytes, strlen(bytes), NULL, &table, NULL,
                            &err) != MTP_OK ||
        mtp_run(request, table, &bundle, NULL, &err) != MTP_OK ||
        mtp_report(bundle, format, NULL, &text, NULL, &err) != MTP_OK) {
        fail_msg("%s", err.message);
    }
    mtp_bundle_free(bundle);
    mtp_table_free(table);
    mtp_request_free(request);
    return text;
}

static inline json_t *json_of(const char *bytes, mtp_command command,
                              const char *const options[])
{
    char *text = report_of(bytes, command, options, MTP_FORMAT_JSON);
    json_error_t error;
    json_t *root = json_loads(text, 0, &error);

    if (!root) {
        fail_msg("line %d: %s", error.line, error.text);
    }
    mtp_text_free(text);
    return root;
}

/* A file below datasets/ as a NUL-terminated text; freed with free. */
static inline char *dataset_bytes(const char *name)
{
    char path[1024];
    FILE *file;
    char *bytes;
    long size;

    (void)snprintf(path, sizeof path, "%s/datasets/%s", METAPOOL_SOURCE_DIR, name);
    file = fopen(path, "rb");
    assert_non_null(file);
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    size = ftell(file);
    assert_int_equal(fseek(file, 0, SEEK_SET), 0);
    bytes = malloc((size_t)size + 1);
    assert_non_null(bytes);
    assert_int_equal(fread(bytes, 1, (size_t)size, file), (size_t)size);
    bytes[size] = '\0';
    assert_int_equal(fclose(file), 0);
    return bytes;
}

#endif
