/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "metafor_case.h"

#include "support/c_number.h"
#include "support/test.h"

#include <stdlib.h>

const char *case_text(const oracle_case *c, const char *key, const char *fallback)
{
    const char *text = json_string_value(json_object_get(c->json, key));

    return text ? text : fallback;
}

double case_number(const json_t *object, const char *key, double fallback)
{
    const json_t *value = json_object_get(object, key);

    return value ? oracle_number(value) : fallback;
}

static mtp_raw read_columns(const json_t *c, const json_t *data)
{
    json_t *columns = json_object(), *names = json_object_get(c, "columns");
    json_t *rows = json_object_get(c, "rows");
    const char *role;
    json_t *name;
    mtp_raw raw;

    json_object_foreach(names, role, name)
    {
        json_t *all = json_object_get(data, json_string_value(name));
        json_t *some = json_array();
        size_t i;
        json_t *value;

        json_array_foreach(all, i, value)
        {
            bool used = !rows;

            for (size_t j = 0; rows && j < json_array_size(rows); j++) {
                used |=
                    json_integer_value(json_array_get(rows, j)) == (json_int_t)i + 1;
            }
            if (used) {
                (void)json_array_append(some, value);
            }
        }
        (void)json_object_set_new(columns, role, some);
    }
    raw = oracle_raw(columns);
    json_decref(columns);
    return raw;
}

mtp_effects *case_effects(const oracle_case *c)
{
    static const char *const to[] = {"only0", "all", "if0all", "none"};
    static const char *const vtype[] = {"LS", "UB", "AV"};
    mtp_effects_options options;
    mtp_effects *effects = NULL;
    mtp_error err = {0};

    mtp_effects_options_init(&options, sizeof options);
    options.measure = c->measure->measure;
    options.add = case_number(c->json, "add", options.add);
    for (unsigned i = 0; i < 4; i++) {
        if (strcmp(to[i], case_text(c, "to", "")) == 0) {
            options.to = (mtp_add_to)i;
        }
    }
    for (unsigned i = 0; i < 3; i++) {
        if (strcmp(vtype[i], case_text(c, "vtype", "")) == 0) {
            options.vtype = (mtp_vtype)i;
        }
    }
    if (mtp_effects_compute(&options, &c->raw, &effects, &err) != MTP_OK) {
        fail_msg("%s: %s", c->id, err.message);
    }
    return effects;
}

mtp_pool_result *case_pool(const oracle_case *c, const mtp_effects *effects)
{
    const char *tau2 = case_text(c, "tau2", "REML");
    bool glmm = strncmp(c->kind, "glmm", 4) == 0;
    mtp_pool_options options;
    mtp_pool_result *result = NULL;
    double *weights;
    mtp_error err = {0};

    mtp_pool_options_init(&options, sizeof options);
    options.method = glmm ? MTP_METHOD_GLMM : MTP_METHOD_INVERSE;
    options.level = case_number(c->json, "level", 95.0) / 100.0;
    options.nodes = (int)case_number(c->json, "nodes", 0.0);
    options.ci =
        glmm ? MTP_CI_WALD : (mtp_ci_method)mtp_ci_from_id(case_text(c, "ci", "wald"));
    options.null_value =
        mtp_back_transform(c->measure->measure, 0.0, (double)NAN, NULL);
    if (glmm) {
        options.tau2 = MTP_TAU2_ML;
    } else if (mtp_tau2_from_id(tau2) >= 0) {
        options.tau2 = (mtp_tau2_method)mtp_tau2_from_id(tau2);
    } else {
        options.tau2 = MTP_TAU2_GIVEN;
        options.tau2_value = c_strtod(tau2, NULL);
    }
    weights = oracle_weights(case_text(c, "weights", NULL), effects->k, effects->vi);
    options.weights = weights;
    if (mtp_pool(effects, NULL, &options, &result, &err) != MTP_OK) {
        fail_msg("%s: %s", c->id, err.message);
    }
    free(weights);
    return result;
}

oracle_case case_read(const json_t *json, const json_t *data, scoreboard *board)
{
    oracle_case c = {.json = json, .data = data, .board = board};

    c.id = case_text(&c, "id", "?");
    c.kind = case_text(&c, "kind", "?");
    c.measure = mtp_measure_from_code(case_text(&c, "measure", "PR"));
    if (!c.measure) {
        fail_msg("%s: no such measure", c.id);
    }
    c.raw = read_columns(json, data);
    return c;
}
