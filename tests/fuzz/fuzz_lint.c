/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "metapool/lint.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

/* Lint of any bytes: the first line holds the options, as a command line without quotes
 * would, the rest is the table. What the forgiving reader reads has findings that can
 * be written, with no control character in any format, and JSON that can be read back.
 */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool condition)
{
    if (!condition) {
        abort();
    }
}

static bool is_inert(const char *text)
{
    for (; *text; text++) {
        if ((unsigned char)*text < 0x20 && *text != '\n') {
            return false;
        }
    }
    return true;
}

static void check(const mtp_lint_result *result)
{
    static const mtp_format formats[] = {MTP_FORMAT_TEXT, MTP_FORMAT_MARKDOWN,
                                         MTP_FORMAT_CSV, MTP_FORMAT_HTML,
                                         MTP_FORMAT_JSON};

    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        char *text = NULL;
        size_t length = 0;

        require(mtp_lint_report(result, formats[i], NULL, &text, &length, NULL) ==
                MTP_OK);
        require(strlen(text) == length && is_inert(text));
        if (formats[i] == MTP_FORMAT_JSON) {
            json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, NULL);

            require(root != NULL);
            json_decref(root);
        }
        mtp_text_free(text);
    }
}

/* "--measure OR --study s": those that are none are left out. */
static mtp_request *read_options(char *line)
{
    mtp_request *request = NULL;
    char *word = strtok(line, " ");

    require(mtp_request_new(MTP_COMMAND_LINT, &request, NULL) == MTP_OK);
    while (word) {
        char *value = strtok(NULL, " ");

        if (value && strlen(word) > 2) {
            (void)mtp_request_set(request, word + 2, value, NULL);
        }
        word = value ? strtok(NULL, " ") : NULL;
    }
    return request;
}

static void lint(char *input, size_t size)
{
    char *table_text = memchr(input, '\n', size);
    mtp_table_options options;
    mtp_problems problems = {0};
    mtp_table *table = NULL;
    mtp_request *request;

    if (!table_text || memchr(input, '\0', (size_t)(table_text - input))) {
        return;
    }
    *table_text++ = '\0';
    request = read_options(input);
    mtp_table_options_init(&options, sizeof options);
    options.forgiving = true;
    if (mtp_table_parse_csv("fuzz", table_text, size - (size_t)(table_text - input),
                            &options, &table, &problems, NULL) == MTP_OK) {
        mtp_lint_result *result = NULL;
        mtp_error err;
        mtp_status status = mtp_lint(request, table, &problems, &result, &err);

        require((status == MTP_OK) == (result != NULL));
        if (result) {
            check(result);
        }
        mtp_lint_result_free(result);
    }
    mtp_table_free(table);
    mtp_request_free(request);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *input = malloc(size + 1);

    require(input != NULL);
    memcpy(input, data, size);
    input[size] = '\0';
    lint(input, size);
    free(input);
    return 0;
}
