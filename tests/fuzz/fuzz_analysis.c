/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "metapool/forest.h"
#include "metapool/report.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

/* A whole analysis: the first byte picks the options (0 the first), the rest is the
 * table. Whatever the numbers are, the reports and the figure can be written, JSON can
 * be read back, and nothing that a program reads holds "nan" or "inf" for a number. */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The exact test of a composition lists up to a million tables, a second's work: short
 * inputs keep it from taking all the time. */
enum { COMPOSITION_SIZE = 48 };

typedef struct recipe {
    mtp_command command;
    const char *option[18]; /* names and values by turns */
} recipe;

/* clang-format off */
static const recipe recipes[] = {
    {MTP_COMMAND_FOREST, {"measure", "PLO", "events", "x", "n", "n", "study", "s"}},
    {MTP_COMMAND_FOREST, {"measure", "PLO", "events", "x", "n", "n", "method", "inverse",
                          "by", "g"}},
    {MTP_COMMAND_FOREST, {"measure", "PFT", "events", "x", "n", "n", "tau2", "DL",
                          "by", "g", "tau2-scope", "common"}},
    {MTP_COMMAND_FOREST, {"measure", "IRLN", "events", "x", "time", "t", "nodes", "7"}},
    {MTP_COMMAND_FOREST, {"yi", "y", "vi", "v", "tau2", "PM", "predict", "hts"}},
    {MTP_COMMAND_FOREST, {"yi", "y", "sei", "v", "tau2", "SJ", "ci", "hksj-adhoc",
                          "null", "0"}},
    {MTP_COMMAND_FOREST, {"yi", "y", "ci-lower", "l", "ci-upper", "u", "tau2", "ML"}},
    {MTP_COMMAND_FOREST, {"measure", "PAS", "events", "x", "n", "n", "where", "n > 10",
                          "tau2", "EB"}},
    {MTP_COMMAND_FOREST, {"measure", "IRFT", "events", "x", "time", "t", "tau2", "HE",
                          "allow-fractional", "true"}},
    {MTP_COMMAND_FOREST, {"measure", "PR", "events", "x", "n", "n", "tau2", "0.5",
                          "vtype", "AV", "ci", "t"}},
    {MTP_COMMAND_FOREST, {"measure", "OR", "events1", "x", "n1", "n", "events2", "y",
                          "n2", "t", "method", "mh"}},
    {MTP_COMMAND_EFFECTS, {"measure", "PRZ", "events", "x", "n", "n", "study", "s"}},
    {MTP_COMMAND_COMPOSITION, {"category", "g", "count", "x", "by", "s",
                               "draws", "100"}},
    {MTP_COMMAND_REGRESS, {"yi", "y", "vi", "v", "mods", "g + n", "at", "n=1|2",
                           "permute", "20", "contrast", "2 * n"}},
    {MTP_COMMAND_REGRESS, {"measure", "PLO", "events", "x", "n", "n", "mods",
                           "rcs(t, 3) * g", "tau2", "DL", "diagnostics", "true"}},
    {MTP_COMMAND_BUBBLE, {"measure", "PLO", "events", "x", "n", "n", "mods", "g * t",
                          "across", "t", "at", "g=a", "by", "s"}},
    {MTP_COMMAND_REGRESS, {"yi", "y", "vi", "v", "mods", "t", "correlation", "true"}},
    {MTP_COMMAND_BIAS, {"yi", "y", "vi", "v", "all", "true"}},
    {MTP_COMMAND_BIAS, {"measure", "OR", "events1", "x", "n1", "n", "events2", "y",
                        "n2", "t", "all", "true"}},
    {MTP_COMMAND_SENSITIVITY, {"yi", "y", "vi", "v", "study", "s", "all", "true",
                               "cumulative", "g"}},
    {MTP_COMMAND_SENSITIVITY, {"measure", "OR", "events1", "x", "n1", "n", "events2",
                               "y", "n2", "t", "method", "mh"}},
    {MTP_COMMAND_SENSITIVITY, {"yi", "y", "vi", "v", "mods", "g + n", "tau2", "PM",
                               "baujat", "true"}},
};
/* clang-format on */

static void require(bool condition)
{
    if (!condition) {
        abort();
    }
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* "nan" or "inf" as a word of its own, as printf would write it. */
static bool has_word(const char *text, const char *word)
{
    size_t length = strlen(word);

    for (const char *at = strstr(text, word); at; at = strstr(at + 1, word)) {
        if ((at == text || !is_letter(at[-1])) && !is_letter(at[length])) {
            return true;
        }
    }
    return false;
}

static void check_numbers(const char *text, const char *input)
{
    static const char *const words[] = {"nan", "inf"};

    for (size_t i = 0; i < 2; i++) {
        require(has_word(input, words[i]) || !has_word(text, words[i]));
    }
}

static void check_json(const char *text)
{
    json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, NULL);

    require(root != NULL);
    json_decref(root);
}

/* Text and Markdown may say "inf" for a limit that is unbounded. */
static void check_reports(const mtp_bundle *bundle, const char *input)
{
    static const mtp_format formats[] = {MTP_FORMAT_TEXT, MTP_FORMAT_MARKDOWN,
                                         MTP_FORMAT_CSV, MTP_FORMAT_JSON};

    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        char *text = NULL;
        size_t length = 0;

        require(mtp_report(bundle, formats[i], NULL, &text, &length, NULL) == MTP_OK);
        require(strlen(text) == length);
        if (formats[i] == MTP_FORMAT_JSON) {
            check_json(text);
        } else if (formats[i] == MTP_FORMAT_CSV) {
            check_numbers(text, input);
        } else {
            require(has_word(input, "nan") || !has_word(text, "nan"));
        }
        mtp_text_free(text);
    }
}

static void check_figure(const mtp_bundle *bundle, const char *input)
{
    mtp_status (*const writers[])(const mtp_forest *, char **, mtp_error *) = {
        mtp_forest_svg, mtp_forest_csv, mtp_forest_json};
    mtp_forest *forest = NULL;

    require(mtp_forest_new(bundle, &forest, NULL) == MTP_OK);
    for (size_t i = 0; i < sizeof writers / sizeof writers[0]; i++) {
        char *text = NULL;

        require(writers[i](forest, &text, NULL) == MTP_OK);
        if (writers[i] == mtp_forest_json) {
            check_json(text);
        } else {
            check_numbers(text, input);
        }
        mtp_text_free(text);
    }
    mtp_forest_free(forest);
}

static void analyse(const recipe *r, const mtp_table *table, const char *input)
{
    mtp_request *request = NULL;
    mtp_bundle *bundle = NULL;
    mtp_problems problems = {0};
    mtp_error err;
    mtp_status status;

    require(mtp_request_new(r->command, &request, NULL) == MTP_OK);
    for (size_t i = 0; i + 1 < sizeof r->option / sizeof r->option[0]; i += 2) {
        if (r->option[i]) {
            require(mtp_request_set(request, r->option[i], r->option[i + 1], NULL) ==
                    MTP_OK);
        }
    }
    status = mtp_run(request, table, &bundle, &problems, &err);
    require((status == MTP_OK) == (bundle != NULL));
    require(status == MTP_OK || err.message[0] != '\0');
    if (bundle) {
        check_reports(bundle, input);
        if (r->command == MTP_COMMAND_FOREST) {
            check_figure(bundle, input);
        }
    }
    mtp_bundle_free(bundle);
    mtp_request_free(request);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const recipe *r;
    mtp_table *table = NULL;
    char *input;

    if (size == 0) {
        return 0;
    }
    r = &recipes[(uint8_t)(data[0] - '0') % (sizeof recipes / sizeof recipes[0])];
    if (r->command == MTP_COMMAND_COMPOSITION && size > COMPOSITION_SIZE) {
        return 0;
    }
    input = malloc(size);
    require(input != NULL);
    memcpy(input, data + 1, size - 1);
    input[size - 1] = '\0';
    if (mtp_table_parse_csv("fuzz", input, size - 1, NULL, &table, NULL, NULL) ==
        MTP_OK) {
        analyse(r, table, input);
    }
    mtp_table_free(table);
    free(input);
    return 0;
}
