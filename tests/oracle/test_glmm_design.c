/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/glmm_conditional.h"
#include "num/dist.h"
#include "read.h"
#include "score.h"
#include "support/test.h"

#include <stdlib.h>

#include <jansson.h>

/* Mixed models with moderators and conditional models against metafor: each case with
 * seven nodes, and with the converged integral. A figure that is not mapped fails by
 * name. */

/* What the reference is good for, in digits; its standard errors are by differences. */
enum { TESTS = 8, COMMON = 8, ESTIMATE = 7, SE = 6 };

static const char *text_of(const json_t *c, const char *key)
{
    return json_string_value(json_object_get(c, key));
}

/* The numbers of a case as the model takes them. */
typedef struct inputs {
    mtp_glmm_kind kind;
    size_t k, p;
    double *x, *m, *offset, *matrix;
} inputs;

static void take_conditional(mtp_raw *raw, mtp_arena *arena, inputs *in)
{
    bool rates = raw->column[MTP_ROLE_TIME1] != NULL;
    mtp_two_groups groups = {.k = raw->k,
                             .x1 = raw->column[MTP_ROLE_EVENTS1],
                             .x2 = raw->column[MTP_ROLE_EVENTS2],
                             .m1 = raw->column[rates ? MTP_ROLE_TIME1 : MTP_ROLE_N1],
                             .m2 = raw->column[rates ? MTP_ROLE_TIME2 : MTP_ROLE_N2]};
    mtp_glmm_conditional given;
    size_t size = raw->k * sizeof *in->x;

    assert_int_equal(mtp_glmm_conditional_make(&groups, arena, &given, NULL), MTP_OK);
    assert_int_equal(given.k, raw->k);
    memcpy(in->x, given.x, size);
    memcpy(in->m, given.m, size);
    memcpy(in->offset, given.offset, size);
}

static inputs read_inputs(const json_t *c, const json_t *all, mtp_arena *arena)
{
    json_t *data = json_object_get(all, text_of(c, "data"));
    const json_t *moderators = json_object_get(c, "moderators");
    mtp_raw raw = oracle_raw(data);
    inputs in = {MTP_GLMM_BINOMIAL,
                 raw.k,
                 json_array_size(moderators) + 1,
                 NULL,
                 NULL,
                 NULL,
                 NULL};

    in.x = mtp_arena_zalloc(arena, in.k, sizeof(double));
    in.m = mtp_arena_zalloc(arena, in.k, sizeof(double));
    in.offset = mtp_arena_zalloc(arena, in.k, sizeof(double));
    in.matrix = mtp_arena_zalloc(arena, in.k, in.p * sizeof(double));
    assert_true(in.x && in.m && in.offset && in.matrix);
    for (size_t i = 0; i < in.k; i++) {
        in.matrix[i * in.p] = 1.0;
        for (size_t j = 1; j < in.p; j++) {
            const char *name = json_string_value(json_array_get(moderators, j - 1));
            const json_t *column = json_object_get(data, name);

            in.matrix[i * in.p + j] = oracle_number(json_array_get(column, i));
        }
    }
    if (raw.column[MTP_ROLE_EVENTS1]) {
        take_conditional(&raw, arena, &in);
    } else {
        memcpy(in.x, raw.column[MTP_ROLE_EVENTS], in.k * sizeof *in.x);
        memcpy(in.m, raw.column[MTP_ROLE_N], in.k * sizeof *in.m);
    }
    oracle_raw_free(&raw);
    return in;
}

/* A figure of coefficient j. */
static bool of_coefficient(const mtp_glmm_design_fit *f, bool common, size_t j,
                           const char *name, double *value)
{
    const double z = 1.95996398454005423552;
    double b = (common ? f->common_beta : f->beta)[j];
    double se = sqrt((common ? f->common_vcov : f->vcov)[j * f->p + j]);

    if (strcmp(name, "beta") == 0) {
        *value = b;
    } else if (strcmp(name, "se") == 0) {
        *value = se;
    } else if (strcmp(name, "stat") == 0) {
        *value = b / se;
    } else if (strcmp(name, "pval") == 0) {
        *value = mtp_t_two_sided(b / se, (double)NAN).log_p;
    } else if (strcmp(name, "ci_lb") == 0) {
        *value = b - z * se;
    } else if (strcmp(name, "ci_ub") == 0) {
        *value = b + z * se;
    } else {
        return false;
    }
    return true;
}

static bool of_model(const mtp_glmm_design_fit *f, bool common, const char *name,
                     double *value)
{
    const struct {
        const char *name;
        double value;
    } figures[] = {{"tau2", f->tau2},
                   {"ll", common ? f->common_loglik : f->loglik},
                   {"QE_Wld", f->Q_wald},
                   {"QE_LRT", f->LRT},
                   {"QE_df", f->df},
                   {"k", (double)f->k},
                   {"QEp_Wld", mtp_chisq_upper(f->Q_wald, f->df).log_p},
                   {"QEp_LRT", mtp_chisq_upper(f->LRT, f->df).log_p}};

    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++) {
        if (strcmp(figures[i].name, name) == 0) {
            *value = figures[i].value;
            return true;
        }
    }
    return false;
}

static bool is_p(const char *name)
{
    return strcmp(name, "pval") == 0 || strncmp(name, "QEp", 3) == 0;
}

static double demanded(const json_t *c, bool common, const char *name)
{
    const json_t *own = json_object_get(c, "se_digits");

    if (strncmp(name, "QE", 2) == 0) {
        return TESTS;
    }
    if (strcmp(name, "beta") == 0 || strcmp(name, "ll") == 0 ||
        strcmp(name, "tau2") == 0) {
        return common ? COMMON : ESTIMATE;
    }
    return own ? json_number_value(own) : SE;
}

/* p-values by their logarithms; NaN: no reference, the case's reason says why. */
static void check(const json_t *c, const char *name, double got, const json_t *number,
                  scoreboard *board)
{
    bool common = json_is_true(json_object_get(c, "common"));
    double want = oracle_number(number);

    if (!isnan(want)) {
        want = is_p(name) ? log(want) : want;
        scoreboard_add(board, common ? "common" : "mixed", name, text_of(c, "id"), got,
                       want,
                       fabs(got - want) <= 1e-12 ? 0.0 : demanded(c, common, name));
    }
}

static void check_figures(const json_t *c, const mtp_glmm_design_fit *f,
                          const char *block, scoreboard *board)
{
    bool common = json_is_true(json_object_get(c, "common"));
    const char *name;
    json_t *figure;

    json_object_foreach(json_object_get(c, block), name, figure)
    {
        double got = (double)NAN;

        for (size_t j = 0; j < json_array_size(figure); j++) {
            assert_int_equal(json_array_size(figure), f->p);
            if (!of_coefficient(f, common, j, name, &got)) {
                fail_msg("%s: nothing is mapped to %s", text_of(c, "id"), name);
            }
            check(c, name, got, json_array_get(figure, j), board);
        }
        if (!json_is_array(figure)) {
            if (!of_model(f, common, name, &got)) {
                fail_msg("%s: nothing is mapped to %s", text_of(c, "id"), name);
            }
            check(c, name, got, figure, board);
        }
    }
}

static void check_fit(const json_t *c, const inputs *in, int nodes, const char *block,
                      mtp_arena *arena, scoreboard *board)
{
    mtp_glmm_design_fit f;

    assert_int_equal(mtp_glmm_fit_design(in->kind, in->k, in->x, in->m, in->offset,
                                         in->p, in->matrix, nodes, arena, &f, NULL),
                     MTP_OK);
    assert_true(f.exists && f.common_exists && f.converged);
    check_figures(c, &f, block, board);
}

static void metafor_agrees(void **state)
{
    json_t *root = oracle_load("glmm_metafor.json"), *c;
    scoreboard *board = scoreboard_new("GLMM with moderators, conditional; metafor");
    size_t i;

    (void)state;
    json_array_foreach(json_object_get(root, "cases"), i, c)
    {
        mtp_arena *arena = mtp_arena_new();
        int nodes = (int)json_integer_value(json_object_get(c, "nodes"));
        inputs in = read_inputs(c, json_object_get(root, "data"), arena);

        check_fit(c, &in, nodes, "expected", arena, board);
        check_fit(c, &in, 0, "exact", arena, board);
        mtp_arena_free(arena);
    }
    scoreboard_print(board);
    assert_true(scoreboard_count(board) > 150);
    assert_int_equal(scoreboard_failures(board), 0);
    scoreboard_free(board);
    json_decref(root);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(metafor_agrees)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
