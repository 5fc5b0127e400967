/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "figures.h"
#include "num/dist.h"
#include "regress_case.h"
#include "support/test.h"

#include <stdlib.h>

/* Meta-regressions against metafor: one file a data set. A case whose kind or expected
 * figure is not mapped fails by name. Moderators are formulas, so that the design
 * matrix is tested with them. */

/* Relative tolerances, as digits: what the reference itself is good for. */
enum { DIRECT = 10, ITERATED = 8, PROFILE = 6 };

static bool is_direct(const oracle_case *c)
{
    static const char *const iterated[] = {"REML", "ML",   "EB",   "PM",
                                           "PMM",  "SJIT", "DLIT", "GENQM"};
    const char *tau2 = case_text(c, "tau2", "REML");

    for (size_t i = 0; i < sizeof iterated / sizeof iterated[0]; i++) {
        if (strcmp(tau2, iterated[i]) == 0) {
            return false;
        }
    }
    return true;
}

static int digits_for(const oracle_case *c)
{
    return is_direct(c) ? DIRECT : ITERATED;
}

/* A figure of many numbers: their count, and where number i is. */
typedef struct list {
    const char *name;
    size_t n;
    const void *first;
    size_t stride;
} list;

#define LIST(figure, count, array, member)                                             \
    {                                                                                  \
        figure, count, &(array)[0].member, sizeof(array)[0]                            \
    }

static double list_number(const list *l, size_t i)
{
    double number;

    memcpy(&number, (const char *)l->first + i * l->stride, sizeof number);
    return number;
}

static void check_list(const oracle_case *c, const list *l, const json_t *expected,
                       int digits)
{
    bool is_p = strcmp(l->name, "pval") == 0;

    if (json_array_size(expected) != l->n) {
        fail_msg("%s: %zu figures of %s, not %zu", c->id, l->n, l->name,
                 json_array_size(expected));
    }
    for (size_t i = 0; i < l->n; i++) {
        (is_p ? case_check_p : case_check)(c, l->name, list_number(l, i),
                                           oracle_number(json_array_get(expected, i)),
                                           digits);
    }
}

/* Every expected figure that is a list; fails for a name that is none of them. */
static void check_lists(const oracle_case *c, size_t n, const list lists[],
                        const char *figure, const json_t *expected, int digits)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(lists[i].name, figure) == 0) {
            check_list(c, &lists[i], expected, digits);
            return;
        }
    }
    fail_msg("%s: nothing is mapped to %s", c->id, figure);
}

#define CHECK_LISTS(c, lists, figure, expected, digits)                                \
    check_lists(c, sizeof(lists) / sizeof(lists)[0], lists, figure, expected, digits)

static bool figure_of_test(const mtp_test *test, const char *figure, double *value)
{
    const bool statistic = strcmp(figure, "QM") == 0;

    *value = statistic ? test->statistic : test->p;
    return statistic || strcmp(figure, "QMp") == 0;
}

static void check_df(const oracle_case *c, const mtp_test *test, const json_t *expected)
{
    const double df[] = {test->df, test->df2};

    assert_int_equal(json_array_size(expected), test->is_f ? 2 : 1);
    for (size_t i = 0; i < json_array_size(expected); i++) {
        case_check(c, "QMdf", df[i], oracle_number(json_array_get(expected, i)),
                   DIRECT);
    }
}

static bool figure_of_fitted(const mtp_regress_result *r, const char *figure,
                             double *value)
{
    const struct {
        const char *name;
        double value;
    } figures[] = {{"k", (double)r->k},     {"df", r->coefficient[0].df},
                   {"R2", r->R2},           {"s2w", r->factor},
                   {"ll_ML", r->loglik_ml}, {"ll_REML", r->loglik_reml}};

    for (size_t i = 0; i < sizeof figures / sizeof figures[0]; i++) {
        if (strcmp(figures[i].name, figure) == 0) {
            *value = figures[i].value;
            return true;
        }
    }
    return figure_of_test(&r->omnibus, figure, value) ||
           figure_of_heterogeneity(&r->heterogeneity, figure, value) ||
           figure_of_fit(&r->fit, figure, value);
}

/* The lower triangle of the covariance, row by row. */
static void check_covariance(const oracle_case *c, const mtp_regress_result *r,
                             const json_t *expected)
{
    size_t at = 0;

    assert_int_equal(json_array_size(expected), r->p * (r->p + 1) / 2);
    for (size_t i = 0; i < r->p; i++) {
        for (size_t j = 0; j <= i; j++) {
            case_check(c, "vb", r->vcov[i * r->p + j],
                       oracle_number(json_array_get(expected, at++)), digits_for(c));
            assert_true(r->vcov[i * r->p + j] == r->vcov[j * r->p + i]);
        }
    }
}

static void check_fit(const oracle_case *c, const mtp_regress_result *r,
                      const json_t *expected)
{
    const list lists[] = {LIST("beta", r->p, r->coefficient, estimate),
                          LIST("se", r->p, r->coefficient, se),
                          LIST("stat", r->p, r->coefficient, statistic),
                          LIST("pval", r->p, r->coefficient, p),
                          LIST("ci_lb", r->p, r->coefficient, ci_lower),
                          LIST("ci_ub", r->p, r->coefficient, ci_upper),
                          LIST("df", r->p, r->coefficient, df)};
    const char *figure;
    const json_t *value;

    json_object_foreach((json_t *)(uintptr_t)expected, figure, value)
    {
        double got;

        if (strcmp(figure, "vb") == 0) {
            check_covariance(c, r, value);
        } else if (strcmp(figure, "QMdf") == 0) {
            check_df(c, &r->omnibus, value);
        } else if (json_is_array(value)) {
            CHECK_LISTS(c, lists, figure, value, digits_for(c));
        } else if (figure_of_fitted(r, figure, &got)) {
            bool is_p = strcmp(figure, "QEp") == 0 || strcmp(figure, "QMp") == 0;

            (is_p ? case_check_p : case_check)(c, figure, got, oracle_number(value),
                                               digits_for(c));
        } else {
            fail_msg("%s: nothing is mapped to %s", c->id, figure);
        }
    }
}

static void check_studies(const oracle_case *c, const mtp_regress_result *r,
                          const json_t *expected)
{
    const list lists[] = {LIST("fitted", r->k, r->study, fitted),
                          LIST("residual", r->k, r->study, residual),
                          LIST("residual_se", r->k, r->study, residual_se),
                          LIST("rstandard", r->k, r->study, rstandard),
                          LIST("rstudent", r->k, r->study, rstudent),
                          LIST("rstudent_residual", r->k, r->study, rstudent_residual),
                          LIST("rstudent_se", r->k, r->study, rstudent_se),
                          LIST("blup", r->k, r->study, blup),
                          LIST("blup_se", r->k, r->study, blup_se),
                          LIST("blup_lower", r->k, r->study, blup_lower),
                          LIST("blup_upper", r->k, r->study, blup_upper),
                          LIST("weight", r->k, r->study, weight)};
    const char *figure;
    const json_t *value;

    assert_non_null(r->study);
    json_object_foreach((json_t *)(uintptr_t)expected, figure, value)
    {
        CHECK_LISTS(c, lists, figure, value, digits_for(c));
    }
}

/* metafor has one figure a column; ours has terms of several columns after them. */
static void check_vif(const oracle_case *c, const mtp_regress_result *r,
                      const json_t *expected)
{
    const size_t n = json_array_size(json_object_get(expected, "vif"));
    const list lists[] = {LIST("vif", n, r->vif, vif), LIST("sif", n, r->vif, sif)};
    const char *figure;
    const json_t *value;

    assert_int_equal(n, r->p - r->intercept);
    assert_true(r->n_vif >= n);
    json_object_foreach((json_t *)(uintptr_t)expected, figure, value)
    {
        CHECK_LISTS(c, lists, figure, value, digits_for(c));
    }
}

static void check_predictions(const oracle_case *c, const mtp_regress_result *r,
                              const json_t *expected)
{
    const list lists[] = {LIST("pred", r->n_predictions, r->predictions, estimate),
                          LIST("se", r->n_predictions, r->predictions, se),
                          LIST("ci_lb", r->n_predictions, r->predictions, ci_lower),
                          LIST("ci_ub", r->n_predictions, r->predictions, ci_upper),
                          LIST("pi_lb", r->n_predictions, r->predictions, pi_lower),
                          LIST("pi_ub", r->n_predictions, r->predictions, pi_upper),
                          LIST("pi_se", r->n_predictions, r->predictions, pi_se),
                          LIST("pi_df", r->n_predictions, r->predictions, pi_df)};
    const char *figure;
    const json_t *value;

    json_object_foreach((json_t *)(uintptr_t)expected, figure, value)
    {
        CHECK_LISTS(c, lists, figure, value, digits_for(c));
    }
}

static void check_tau2_interval(oracle_case *c, const mtp_regress_result *r,
                                const json_t *expected)
{
    const mtp_tau2_interval *i = &r->heterogeneity.ci;
    const char *interval = case_text(c, "interval", "?");
    const list lists[] = {{"tau2", 2, i->tau2, sizeof(double)},
                          {"tau", 2, i->tau, sizeof(double)},
                          {"I2", 2, i->I2, sizeof(double)},
                          {"H2", 2, i->H2, sizeof(double)}};
    bool profile = strcmp(interval, "pl") == 0;
    const char *figure;
    const json_t *value;

    assert_string_equal(i->method, interval);
    c->kind = interval;
    json_object_foreach((json_t *)(uintptr_t)expected, figure, value)
    {
        CHECK_LISTS(c, lists, figure, value, profile ? PROFILE : ITERATED);
    }
}

static void check_term(const oracle_case *c, const mtp_regress_result *r,
                       const json_t *expected)
{
    const char *name = case_text(c, "term", "?");

    for (size_t i = 0; i < r->n_terms; i++) {
        const mtp_test *test = &r->terms[i].test;
        double got;

        if (strcmp(r->terms[i].name, name) != 0) {
            continue;
        }
        for (size_t j = 0; j < 2; j++) {
            const char *figure = j ? "QMp" : "QM";

            assert_true(figure_of_test(test, figure, &got));
            case_check(c, figure, got, case_number(expected, figure, (double)NAN),
                       digits_for(c));
        }
        check_df(c, test, json_object_get(expected, "QMdf"));
        return;
    }
    fail_msg("%s: no test of %s", c->id, name);
}

static void check_permutation(const oracle_case *c, const mtp_regress_result *r,
                              const json_t *expected)
{
    const mtp_permutation *permutation = r->permutation;
    const list p = {"pval", r->p, permutation->p, sizeof(double)};

    assert_true(permutation->exact);
    check_list(c, &p, json_object_get(expected, "pval"), DIRECT);
    case_check(c, "QMp", permutation->omnibus_p,
               case_number(expected, "QMp", (double)NAN), DIRECT);
}

/* Twice the distance of the likelihoods of two models; its p and R2 follow from what is
 * reported of both. */
static void check_likelihood_ratio(const oracle_case *c, const mtp_regress_result *full,
                                   const json_t *data)
{
    regress_case reduced =
        regress_case_read(c->json, data, case_text(c, "reduced", "?"), c->board);
    const json_t *expected = json_object_get(c->json, "expected");
    double LRT, tau2;

    regress_case_fit(&reduced);
    LRT = 2.0 * (full->loglik_ml - reduced.result->loglik_ml);
    tau2 = reduced.result->heterogeneity.tau2;
    case_check(c, "LRT", LRT, case_number(expected, "LRT", (double)NAN), ITERATED);
    case_check(c, "pval", mtp_chisq_upper(LRT, (double)(full->p - reduced.result->p)).p,
               case_number(expected, "pval", (double)NAN), ITERATED);
    case_check(c, "R2", 100.0 * (tau2 - full->heterogeneity.tau2) / tau2,
               case_number(expected, "R2", (double)NAN), ITERATED);
    regress_case_free(&reduced);
}

enum { AT_MAX = 8 };

/* Rows of moderators at the values of the case's one variable. */
typedef struct prediction_rows {
    size_t n;
    mtp_combination row[AT_MAX];
    double *x;
} prediction_rows;

static prediction_rows rows_at(const regress_case *c, const json_t *at)
{
    prediction_rows rows = {.x = calloc(AT_MAX * c->design->p, sizeof(double))};
    const char *variable;
    const json_t *values;

    assert_true(json_object_size(at) == 1 && c->formula->n_variables == 1);
    json_object_foreach((json_t *)(uintptr_t)at, variable, values)
    {
        rows.n = json_array_size(values);
        assert_true(rows.n <= AT_MAX);
        for (size_t i = 0; i < rows.n; i++) {
            mtp_design_at where = {.kind = MTP_AT_NUMBER,
                                   .number = oracle_number(json_array_get(values, i))};
            double *x = &rows.x[i * c->design->p];

            assert_int_equal(mtp_design_row(c->design, &where, x, NULL), MTP_OK);
            rows.row[i] = (mtp_combination){variable, x};
        }
    }
    return rows;
}

static void ask(regress_case *c, const prediction_rows *rows)
{
    const char *kind = c->base.kind;

    c->options.estimate_without = strcmp(kind, "studies") == 0;
    c->options.permute_exact = strcmp(kind, "permutation") == 0;
    c->options.n_predictions = rows->n;
    c->options.predictions = rows->row;
}

static void compare(regress_case *c, const json_t *data)
{
    const mtp_regress_result *r = c->result;
    const char *kind = c->base.kind;
    const json_t *expected = json_object_get(c->base.json, "expected");

    assert_true(json_object_size(expected) > 0);
    if (strcmp(kind, "fit") == 0) {
        check_fit(&c->base, r, expected);
    } else if (strcmp(kind, "studies") == 0 || strcmp(kind, "weights") == 0) {
        check_studies(&c->base, r, expected);
    } else if (strcmp(kind, "vif") == 0) {
        check_vif(&c->base, r, expected);
    } else if (strcmp(kind, "predict") == 0) {
        check_predictions(&c->base, r, expected);
    } else if (strcmp(kind, "tau2-interval") == 0) {
        check_tau2_interval(&c->base, r, expected);
    } else if (strcmp(kind, "term") == 0) {
        check_term(&c->base, r, expected);
    } else if (strcmp(kind, "likelihood-ratio") == 0) {
        check_likelihood_ratio(&c->base, r, data);
    } else if (strcmp(kind, "permutation") == 0) {
        check_permutation(&c->base, r, expected);
    } else {
        fail_msg("%s: no such kind: %s", c->base.id, kind);
    }
}

static void run_case(const json_t *json, const json_t *data, scoreboard *board)
{
    regress_case c = regress_case_read(json, data, NULL, board);
    const json_t *at = json_object_get(json, "at");
    prediction_rows rows = {0};

    if (at) {
        rows = rows_at(&c, at);
    }
    ask(&c, &rows);
    regress_case_fit(&c);
    compare(&c, data);
    regress_case_free(&c);
    free(rows.x);
}

static void run_file(const char *name)
{
    char file[64], title[64];
    json_t *root, *c;
    scoreboard *board;
    size_t index;

    (void)snprintf(title, sizeof title, "%s, regression", name);
    (void)snprintf(file, sizeof file, "regress_%s.json", name);
    board = scoreboard_new(title);
    root = oracle_load(file);
    json_array_foreach(json_object_get(root, "cases"), index, c)
    {
        run_case(c, json_object_get(root, "data"), board);
    }
    scoreboard_print(board);
    assert_true(scoreboard_count(board) > 0);
    assert_int_equal(scoreboard_failures(board), 0);
    scoreboard_free(board);
    json_decref(root);
}

#define FILE_TEST(name)                                                                \
    static void name(void **state)                                                     \
    {                                                                                  \
        (void)state;                                                                   \
        run_file(#name);                                                               \
    }
#define FILES(X)                                                                       \
    X(bcg)                                                                             \
    X(debruin2009)                                                                     \
    X(hackshaw1998)                                                                    \
    X(normand1999)                                                                     \
    X(nrm)                                                                             \
    X(raudenbush1985)
FILES(FILE_TEST)

int main(void)
{
#define FILE_ROW(name) cmocka_unit_test(name),
    const struct CMUnitTest tests[] = {FILES(FILE_ROW)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
