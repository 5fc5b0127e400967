/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "read.h"

#include "support/c_number.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ORACLE_FOLDER METAPOOL_SOURCE_DIR "/tests/oracle/"

json_t *oracle_load(const char *name)
{
    char path[1024];
    json_error_t error;
    json_t *root;

    (void)snprintf(path, sizeof path, "%s%s", ORACLE_FOLDER, name);
    root = json_load_file(path, 0, &error);
    if (!root) {
        (void)fprintf(stderr, "%s:%d: %s\n", path, error.line, error.text);
        exit(EXIT_FAILURE);
    }
    return root;
}

double oracle_number(const json_t *value)
{
    const char *text = json_string_value(value);

    if (json_is_number(value)) {
        return json_number_value(value);
    }
    if (!text || strcmp(text, "NA") == 0) {
        return (double)NAN;
    }
    return c_strtod(text, NULL);
}

double *oracle_numbers(const json_t *value, size_t *n)
{
    double *numbers;

    if (!value) {
        return NULL;
    }
    *n = json_array_size(value);
    numbers = calloc(*n + 1, sizeof *numbers);
    for (size_t i = 0; numbers && i < *n; i++) {
        numbers[i] = oracle_number(json_array_get(value, i));
    }
    return numbers;
}

mtp_raw oracle_raw(const json_t *columns)
{
    static const char *const role[MTP_ROLE_COUNT] = {
#define ROLE_NAME(id, text, description) text,
        MTP_ROLE_LIST(ROLE_NAME)
#undef ROLE_NAME
    };
    mtp_raw raw = {.size = sizeof raw};

    for (unsigned i = 0; i < MTP_ROLE_COUNT; i++) {
        raw.column[i] = oracle_numbers(json_object_get(columns, role[i]), &raw.k);
    }
    return raw;
}

void oracle_raw_free(mtp_raw *raw)
{
    for (unsigned i = 0; i < MTP_ROLE_COUNT; i++) {
        union {
            const double *borrowed;
            void *owned;
        } column = {raw->column[i]};

        free(column.owned);
    }
}

mtp_effects *oracle_effects(const char *measure, bool correct, const mtp_raw *raw)
{
    const mtp_measure_info *info = mtp_measure_from_code(measure);
    mtp_effects_options options;
    mtp_effects *effects = NULL;
    mtp_error err = {0};

    mtp_effects_options_init(&options, sizeof options);
    if (!info) {
        (void)fprintf(stderr, "no measure %s\n", measure);
        exit(EXIT_FAILURE);
    }
    options.measure = info->measure;
    options.correct = correct;
    if (mtp_effects_compute(&options, raw, &effects, &err) != MTP_OK) {
        (void)fprintf(stderr, "effects %s: %s\n", measure, err.message);
        exit(EXIT_FAILURE);
    }
    return effects;
}

double *oracle_weights(const char *rule, size_t k, const double vi[])
{
    bool equal = rule && strcmp(rule, "1") == 0;
    double *weights;

    if (!rule) {
        return NULL;
    }
    if (!equal && strcmp(rule, "1/sqrt(vi)") != 0) {
        (void)fprintf(stderr, "no weights %s\n", rule);
        exit(EXIT_FAILURE);
    }
    weights = calloc(k + 1, sizeof *weights);
    for (size_t i = 0; weights && i < k; i++) {
        weights[i] = equal ? 1.0 : 1.0 / sqrt(vi[i]);
    }
    return weights;
}
