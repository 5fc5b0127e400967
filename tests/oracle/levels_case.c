/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "levels_case.h"

#include "read.h"
#include "support/test.h"

#include <stdlib.h>

static double *column(const levels_case *c, const json_t *data, const char *name)
{
    size_t n;
    double *values = oracle_numbers(json_object_get(data, name), &n);

    if (!values || (c->k > 0 && n != c->k)) {
        fail_msg("%s: column %s", c->id, name);
    }
    return values;
}

static void read_design(levels_case *c, const json_t *data)
{
    const json_t *names = json_object_get(c->json, "x");
    bool intercept = !json_is_false(json_object_get(c->json, "intercept"));
    size_t from = intercept ? 1 : 0;

    c->p = json_array_size(names) + from;
    if (c->p == 1 && intercept) {
        return;
    }
    c->x = calloc(c->k * c->p, sizeof *c->x);
    assert_non_null(c->x);
    for (size_t j = from; j < c->p; j++) {
        double *values =
            column(c, data, json_string_value(json_array_get(names, j - from)));

        for (size_t i = 0; i < c->k; i++) {
            c->x[i * c->p] = intercept ? 1.0 : c->x[i * c->p];
            c->x[i * c->p + j] = values[i];
        }
        free(values);
    }
}

static void read_levels(levels_case *c, const json_t *data)
{
    const json_t *names = json_object_get(c->json, "levels");

    c->n_levels = json_array_size(names);
    for (size_t l = 0; l < c->n_levels; l++) {
        const char *name = json_string_value(json_array_get(names, l));
        double *values = column(c, data, name);
        size_t *group = calloc(c->k, sizeof *group);

        assert_non_null(group);
        for (size_t i = 0; i < c->k; i++) {
            group[i] = (size_t)values[i];
        }
        c->level[l] = (mtp_level){name, group};
        free(values);
    }
}

void levels_case_fit(levels_case *c, const json_t *json, const json_t *data)
{
    const char *df = json_string_value(json_object_get(json, "df"));
    const char *method = json_string_value(json_object_get(json, "method"));
    mtp_error err = {0};
    size_t n;

    *c = (levels_case){.json = json,
                       .id = json_string_value(json_object_get(json, "id")),
                       .kind = json_string_value(json_object_get(json, "kind")),
                       .expected = json_object_get(json, "expected")};
    c->yi = column(c, data, "yi");
    c->k = json_array_size(json_object_get(data, "yi"));
    c->vi = column(c, data, "vi");
    read_design(c, data);
    read_levels(c, data);
    c->sigma2 = oracle_numbers(json_object_get(json, "sigma2"), &n);
    mtp_multilevel_options_init(&c->options, sizeof c->options);
    c->options.sigma2 = c->sigma2;
    c->options.method = (mtp_tau2_method)mtp_tau2_from_id(method);
    if (df) {
        assert_true(mtp_level_df_from_id(df) >= 0);
        c->options.df = (mtp_level_df)mtp_level_df_from_id(df);
    }
    if (mtp_multilevel(c->k, c->yi, c->vi, c->p, c->x, c->n_levels, c->level,
                       &c->options, &c->result, &err) != MTP_OK) {
        fail_msg("%s: %s", c->id, err.message);
    }
}

void levels_case_free(levels_case *c)
{
    mtp_multilevel_free(c->result);
    for (size_t l = 0; l < c->n_levels; l++) {
        free((void *)(uintptr_t)c->level[l].group);
    }
    free(c->yi);
    free(c->vi);
    free(c->x);
    free(c->sigma2);
}
