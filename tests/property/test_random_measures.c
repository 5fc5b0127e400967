/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "metapool/pool.h"

#include "random_data.h"
#include "support/test.h"

/* Random raw data, empty cells and impossible values among them, by every measure: a
 * study has an effect with a positive variance, or its table is refused with the study
 * and the reason; what has effects can be pooled by every method of the measure; groups
 * that change places mirror the effect. */

enum { TABLES = 12 };

typedef struct table {
    size_t number, k;
    double column[MTP_ROLE_COUNT][STUDIES_MAX];
} table;

static mtp_effects_options options_of(mtp_measure measure, size_t number)
{
    mtp_effects_options o;

    mtp_effects_options_init(&o, sizeof o);
    o.measure = measure;
    o.allow_fractional = true;
    o.to = (mtp_add_to)(number % MTP_ADD_NONE);
    return o;
}

/* The raw data that the measure is made of, from study `first` on. */
static mtp_raw raw_of(mtp_measure measure, const table *t, size_t first, size_t k)
{
    size_t n;
    const mtp_role *role = mtp_measure_columns(measure, &n);
    mtp_raw raw = {.size = sizeof raw, .k = k};

    for (size_t i = 0; i < n; i++) {
        raw.column[role[i]] = t->column[role[i]] + first;
    }
    if (n == 0) {
        raw.column[MTP_ROLE_YI] = t->column[MTP_ROLE_YI] + first;
        raw.column[MTP_ROLE_VI] = t->column[MTP_ROLE_VI] + first;
    }
    return raw;
}

static bool study_has_effect(mtp_measure measure, const table *t, size_t i)
{
    mtp_effects_options o = options_of(measure, t->number);
    const char *code = mtp_measure_get(measure)->code;
    mtp_raw raw = raw_of(measure, t, i, 1);
    mtp_effects *effects = NULL;
    mtp_error err = {0};
    mtp_status status = mtp_effects_compute(&o, &raw, &effects, &err);

    if (status == MTP_OK) {
        if (!isfinite(effects->yi[0]) || !isfinite(effects->vi[0]) ||
            !(effects->vi[0] > 0.0)) {
            fail_msg("%s, table %zu, study %zu: yi %g, vi %g", code, t->number, i,
                     effects->yi[0], effects->vi[0]);
        }
        mtp_effects_free(effects);
        return true;
    }
    if (status != MTP_E_DATA || err.message[0] == '\0' || err.line != 1) {
        fail_msg("%s, table %zu, study %zu: status %d, '%s'", code, t->number, i,
                 (int)status, err.message);
    }
    return false;
}

/* The table with the studies that have an effect of this measure. */
static void keep_usable(mtp_measure measure, table *t)
{
    size_t k = 0;

    for (size_t i = 0; i < t->k; i++) {
        if (study_has_effect(measure, t, i)) {
            for (int r = 0; r < MTP_ROLE_COUNT; r++) {
                t->column[r][k] = t->column[r][i];
            }
            k++;
        }
    }
    t->k = k;
}

static mtp_effects *effects_of(mtp_measure measure, const table *t)
{
    mtp_effects_options o = options_of(measure, t->number);
    mtp_raw raw = raw_of(measure, t, 0, t->k);
    mtp_effects *effects = NULL;
    mtp_error err = {0};

    if (mtp_effects_compute(&o, &raw, &effects, &err) != MTP_OK) {
        fail_msg("%s, table %zu: %s", mtp_measure_get(measure)->code, t->number,
                 err.message);
    }
    return effects;
}

/* An estimate by a method of the measure, or a status or note that says why not. */
static void pool_by(mtp_method method, const mtp_effects *effects, size_t number)
{
    const char *code = effects->measure->code;
    mtp_pool_options o;
    mtp_pool_result *r = NULL;
    mtp_error err = {0};
    mtp_status status;

    mtp_pool_options_init(&o, sizeof o);
    o.method = method;
    if (method == MTP_METHOD_GLMM) {
        o.tau2 = MTP_TAU2_ML;
        o.ci = MTP_CI_WALD;
        o.nodes = 7;
    }
    status = mtp_pool(effects, NULL, &o, &r, &err);
    if (status == MTP_E_UNSUPPORTED || status == MTP_E_DATA) {
        assert_true(err.message[0] != '\0' && !r);
        return;
    }
    if (status != MTP_OK || (r->overall.exists ? !isfinite(r->overall.random.estimate)
                                               : r->notes.count == 0)) {
        fail_msg("%s, table %zu, method %s: status %d, '%s'", code, number,
                 mtp_method_id(method), (int)status, err.message);
    }
    mtp_pool_result_free(r);
}

static void every_measure_answers_or_says_why(void **state)
{
    static table t;
    size_t used = 0;

    (void)state;
    for (int m = 0; m < MTP_MEASURE_COUNT; m++) {
        for (t.number = 0; t.number < TABLES; t.number++) {
            mtp_effects *effects;

            random_columns(t.number, &t.k, t.column);
            keep_usable((mtp_measure)m, &t);
            if (t.k == 0) {
                continue;
            }
            effects = effects_of((mtp_measure)m, &t);
            for (int method = 0; method < MTP_METHOD_COUNT; method++) {
                pool_by((mtp_method)method, effects, t.number);
            }
            mtp_effects_free(effects);
            used++;
        }
    }
    print_message("%zu tables of %d with effects\n", used,
                  (int)MTP_MEASURE_COUNT * TABLES);
    assert_true(used > MTP_MEASURE_COUNT * TABLES / 2);
}

/* Measures that compare two groups alike: exchanged, yi changes its sign alone. */
static const mtp_measure alike[] = {
    MTP_OR,   MTP_RR,   MTP_RD,   MTP_AS,   MTP_PETO,  MTP_PHI,   MTP_YUQ,  MTP_YUY,
    MTP_RTET, MTP_PBIT, MTP_OR2D, MTP_IRR,  MTP_IRD,   MTP_IRSD,  MTP_MD,   MTP_ROM,
    MTP_CVR,  MTP_VR,   MTP_SMD,  MTP_SMDH, MTP_D2ORN, MTP_D2ORL, MTP_ZPHI, MTP_ZTET};

static void exchange(table *t)
{
    static const mtp_role pair[][2] = {{MTP_ROLE_EVENTS1, MTP_ROLE_EVENTS2},
                                       {MTP_ROLE_N1, MTP_ROLE_N2},
                                       {MTP_ROLE_TIME1, MTP_ROLE_TIME2},
                                       {MTP_ROLE_MEAN1, MTP_ROLE_MEAN2},
                                       {MTP_ROLE_SD1, MTP_ROLE_SD2}};

    for (size_t p = 0; p < sizeof pair / sizeof pair[0]; p++) {
        for (size_t i = 0; i < t->k; i++) {
            double kept = t->column[pair[p][0]][i];

            t->column[pair[p][0]][i] = t->column[pair[p][1]][i];
            t->column[pair[p][1]][i] = kept;
        }
    }
}

static void groups_that_change_places_mirror_the_effect(void **state)
{
    static table t;

    (void)state;
    for (size_t m = 0; m < sizeof alike / sizeof alike[0]; m++) {
        for (t.number = 0; t.number < TABLES; t.number++) {
            mtp_effects *one, *other;

            random_columns(t.number, &t.k, t.column);
            keep_usable(alike[m], &t);
            if (t.k == 0) {
                continue;
            }
            one = effects_of(alike[m], &t);
            exchange(&t);
            other = effects_of(alike[m], &t);
            for (size_t i = 0; i < t.k; i++) {
                if (!mtp_test_close(other->yi[i], -one->yi[i], TOL2, TOL1) ||
                    !mtp_test_close(other->vi[i], one->vi[i], TOL2, 0.0)) {
                    fail_msg("%s, table %zu, study %zu: %.17g (%.17g), not %.17g "
                             "(%.17g)",
                             one->measure->code, t.number, i, other->yi[i],
                             other->vi[i], -one->yi[i], one->vi[i]);
                }
            }
            mtp_effects_free(one);
            mtp_effects_free(other);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_measure_answers_or_says_why),
        cmocka_unit_test(groups_that_change_places_mirror_the_effect),
    };

    return cmocka_run_group_tests_name("property.random_measures", tests, NULL, NULL);
}
