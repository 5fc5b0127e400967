/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "metapool/sensitivity.h"

#include "regress_case.h"
#include "support/test.h"

#include <stdlib.h>

/* Leave-one-out and cumulative fits, influence, Baujat and radial coordinates and the
 * fits of all subsets against metafor: one file a data set. A case whose kind or
 * expected figure is not mapped fails by name. Of one study metafor says tau2 = 0,
 * I2 = 0, H2 = 1, which are not defined here. */

/* Relative tolerances, as digits: what the reference itself is good for. */
enum { DIRECT = 10, ITERATED = 8 };

static int digits_for(const oracle_case *c)
{
    const char *tau2 = case_text(c, "tau2", "");

    return strcmp(tau2, "REML") == 0 || strcmp(tau2, "ML") == 0 ? ITERATED : DIRECT;
}

/* tau2, I2 and H2 as metafor has them of one study, and I2 and H2 of Q for EE. */
static bool figure_of_heterogeneity(const mtp_subset_fit *f, bool common,
                                    const char *name, double *value)
{
    if (strcmp(name, "tau2") == 0) {
        *value = f->k == 1 ? 0.0 : f->tau2;
    } else if (strcmp(name, "I2") == 0) {
        *value = f->k == 1 ? 0.0 : common ? f->I2_Q : f->I2;
    } else if (strcmp(name, "H2") == 0) {
        *value = f->k == 1 ? 1.0 : common ? f->Q / f->df : f->H2;
    } else {
        return false;
    }
    return true;
}

static bool figure_of(const mtp_subset_fit *f, bool common, const char *name,
                      double *value)
{
    const mtp_subset_estimate *e = common ? &f->common : &f->random;
    const struct {
        const char *name;
        double value;
    } figures[] = {{"k", (double)f->k},    {"estimate", e->estimate},
                   {"se", e->se},          {"zval", e->statistic},
                   {"pval", e->p},         {"ci.lb", e->ci_lower},
                   {"ci.ub", e->ci_upper}, {"Q", f->Q},
                   {"Qp", f->Q_p}};

    for (size_t i = 0; i < sizeof figures / sizeof figures[0]; i++) {
        if (strcmp(figures[i].name, name) == 0) {
            *value = figures[i].value;
            return true;
        }
    }
    return figure_of_heterogeneity(f, common, name, value);
}

static void check_fits(const regress_case *c, const mtp_subset_fits *fits)
{
    bool common = c->options.tau2 == MTP_TAU2_EE;
    const char *name;
    const json_t *list;

    json_object_foreach(json_object_get(c->base.json, "expected"), name, list)
    {
        bool is_p = strcmp(name, "pval") == 0 || strcmp(name, "Qp") == 0;

        assert_int_equal(json_array_size(list), fits->n);
        for (size_t i = 0; i < fits->n; i++) {
            double got = (double)NAN, want = oracle_number(json_array_get(list, i));

            if (!figure_of(&fits->fit[i], common, name, &got)) {
                fail_msg("%s: nothing is mapped to %s", c->base.id, name);
            }
            if (got == 0.0 && want < 1e-9) { /* metafor stops short of tau2 = 0 */
                want = 0.0;
            }
            (is_p ? case_check_p : case_check)(&c->base, name, got, want,
                                               digits_for(&c->base));
        }
    }
}

static void run_fits(const regress_case *c)
{
    mtp_pool_options options;
    mtp_subset_fits *fits = NULL;

    mtp_pool_options_init(&options, sizeof options);
    options.tau2 = c->options.tau2;
    options.ci = MTP_CI_WALD;
    options.null_value =
        mtp_back_transform(c->base.measure->measure, 0.0, (double)NAN, NULL);
    assert_int_equal(strcmp(c->base.kind, "cumulative") == 0
                         ? mtp_cumulate(c->effects, &options, NULL, &fits, NULL)
                         : mtp_leave_out(c->effects, &options, 0, NULL, &fits, NULL),
                     MTP_OK);
    check_fits(c, fits);
    mtp_subset_fits_free(fits);
}

static bool figure_of_study(const mtp_study_influence *s, const char *name,
                            double *value)
{
    const struct {
        const char *name;
        double value;
    } figures[] = {{"rstudent", s->rstudent},
                   {"dffits", s->dffits},
                   {"cook.d", s->cooks_d},
                   {"cov.r", s->cov_r},
                   {"tau2.del", s->tau2_del},
                   {"QE.del", s->Q_del},
                   {"hat", s->hat},
                   {"weight", s->weight},
                   {"is_infl", s->influential}};

    for (size_t i = 0; i < sizeof figures / sizeof figures[0]; i++) {
        if (strcmp(figures[i].name, name) == 0) {
            *value = figures[i].value;
            return true;
        }
    }
    return false;
}

static bool figure_of_plot(const mtp_study_influence *s, const char *kind,
                           const char *name, double *value)
{
    bool baujat = strcmp(kind, "baujat") == 0;

    if (strcmp(name, "x") == 0) {
        *value = baujat ? s->baujat_x : s->radial_x;
    } else if (strcmp(name, baujat ? "y" : "z") == 0) {
        *value = baujat ? s->baujat_y : s->radial_z;
    } else {
        return false;
    }
    return true;
}

static double number_of(const json_t *value)
{
    return json_is_boolean(value) ? (double)json_is_true(value) : oracle_number(value);
}

static void check_study(const regress_case *c, const mtp_influence_result *r, size_t i,
                        const char *name, const json_t *want)
{
    const oracle_case *base = &c->base;
    const mtp_study_influence *s = &r->study[i];
    bool plot = strcmp(base->kind, "influence") != 0;
    double got = (double)NAN;
    char quantity[32];

    if (strcmp(name, "dfbs") == 0) {
        assert_int_equal(json_array_size(want), r->p);
        for (size_t j = 0; j < r->p; j++) {
            case_check(base, name, s->dfbetas[j],
                       oracle_number(json_array_get(want, j)), digits_for(base));
        }
        return;
    }
    if (!(plot ? figure_of_plot(s, base->kind, name, &got)
               : figure_of_study(s, name, &got))) {
        fail_msg("%s: nothing is mapped to %s", base->id, name);
    }
    snprintf(quantity, sizeof quantity, "%s%s%s", plot ? base->kind : "",
             plot ? "." : "", name);
    case_check(base, quantity, got, number_of(want), digits_for(base));
}

static void run_influence(const regress_case *c)
{
    const mtp_moderators *moderators =
        json_object_get(c->base.json, "mods") ? &c->moderators : NULL;
    mtp_influence_options options;
    mtp_influence_result *r = NULL;
    const char *name;
    const json_t *list;

    mtp_influence_options_init(&options, sizeof options);
    options.tau2 = c->options.tau2;
    assert_int_equal(mtp_influence(c->effects, moderators, &options, &r, NULL), MTP_OK);
    json_object_foreach(json_object_get(c->base.json, "expected"), name, list)
    {
        assert_int_equal(json_array_size(list), r->k);
        for (size_t i = 0; i < r->k; i++) {
            check_study(c, r, i, name, json_array_get(list, i));
        }
    }
    mtp_influence_free(r);
}

enum { SUBSETS = 511, FIGURES = 7 };

/* The figures of all subsets, in metafor's order. */
typedef struct subsets {
    size_t n;
    double figure[FIGURES][SUBSETS];
} subsets;

static mtp_status collect(void *context, size_t n, const mtp_gosh_fit fit[])
{
    subsets *all = (subsets *)context;

    for (size_t i = 0; i < n; i++, all->n++) {
        bool one = fit[i].k == 1;
        double tau2 = one ? 0.0 : fit[i].tau2;
        const double figures[FIGURES] = {
            (double)fit[i].k,      fit[i].Q, one ? 0.0 : fit[i].I2,
            one ? 1.0 : fit[i].H2, tau2,     sqrt(tau2),
            fit[i].estimate};

        assert_true(all->n < SUBSETS);
        for (size_t f = 0; f < FIGURES; f++) {
            all->figure[f][all->n] = figures[f];
        }
    }
    return MTP_OK;
}

static int by_size(const void *left, const void *right)
{
    const double *a = left, *b = right;

    return (*a > *b) - (*a < *b);
}

static void check_figure(const regress_case *c, size_t n, double figure[],
                         const char *name, double want_mean, double want_sd,
                         const json_t *quantiles)
{
    const oracle_case *base = &c->base;
    double mean = 0.0, square = 0.0;
    /* Where tau2 is 0, metafor's stops at 1e-17, whose root is 4e-9. */
    int digits = strcmp(name, "tau") == 0 ? ITERATED - 1 : ITERATED;

    for (size_t i = 0; i < n; i++) {
        mean += figure[i] / (double)n;
    }
    for (size_t i = 0; i < n; i++) {
        square += (figure[i] - mean) * (figure[i] - mean);
    }
    case_check(base, name, mean, want_mean, digits);
    case_check(base, name, sqrt(square / (double)(n - 1)), want_sd, digits);
    qsort(figure, n, sizeof *figure, by_size);
    assert_int_equal(json_array_size(quantiles), 5);
    for (size_t q = 0; q < 5; q++) {
        double rank = (double)(n - 1) * (double)q / 4.0, whole = floor(rank);
        size_t i = (size_t)whole, next = i + 1 < n ? i + 1 : i;

        case_check(base, name, figure[i] + (rank - whole) * (figure[next] - figure[i]),
                   oracle_number(json_array_get(quantiles, q)), digits);
    }
}

static void run_gosh(const regress_case *c)
{
    const json_t *expected = json_object_get(c->base.json, "expected");
    const json_t *names = json_object_get(expected, "colnames");
    static subsets all;
    mtp_gosh_options options;
    mtp_gosh_result *r = NULL;

    all.n = 0;
    mtp_gosh_options_init(&options, sizeof options);
    options.tau2 = c->options.tau2;
    options.sink = collect;
    options.context = &all;
    assert_int_equal(mtp_gosh(c->effects, &options, &r, NULL), MTP_OK);
    assert_int_equal(all.n, json_integer_value(json_object_get(expected, "n")));
    assert_int_equal(r->n, all.n);
    assert_int_equal(json_array_size(names), FIGURES);
    for (size_t f = 0; f < FIGURES; f++) {
        const char *name = json_string_value(json_array_get(names, f));

        check_figure(
            c, all.n, all.figure[f], name,
            oracle_number(json_array_get(json_object_get(expected, "mean"), f)),
            oracle_number(json_array_get(json_object_get(expected, "sd"), f)),
            json_object_get(json_object_get(expected, "quantiles"), name));
    }
    mtp_gosh_free(r);
}

static void run_case(const json_t *json, const json_t *data, scoreboard *board)
{
    regress_case c = regress_case_read(json, data, NULL, board);
    const char *kind = c.base.kind;

    if (strcmp(kind, "leave-one-out") == 0 || strcmp(kind, "cumulative") == 0) {
        run_fits(&c);
    } else if (strcmp(kind, "influence") == 0 || strcmp(kind, "baujat") == 0 ||
               strcmp(kind, "radial") == 0) {
        run_influence(&c);
    } else if (strcmp(kind, "gosh") == 0) {
        run_gosh(&c);
    } else {
        fail_msg("%s: no such kind: %s", c.base.id, kind);
    }
    regress_case_free(&c);
}

static void run_file(const char *name)
{
    char file[64], title[64];
    json_t *root;
    const json_t *data;
    scoreboard *board;
    size_t i;
    json_t *c;

    snprintf(file, sizeof file, "sensitivity_%s.json", name);
    snprintf(title, sizeof title, "%s, sensitivity", name);
    root = oracle_load(file);
    data = json_object_get(root, "data");
    board = scoreboard_new(title);
    json_array_foreach(json_object_get(root, "cases"), i, c)
    {
        run_case(c, data, board);
    }
    scoreboard_print(board);
    assert_true(scoreboard_count(board) > 0);
    assert_int_equal(scoreboard_failures(board), 0);
    scoreboard_free(board);
    json_decref(root);
}

#define FILES(X)                                                                       \
    X(bcg)                                                                             \
    X(debruin2009)                                                                     \
    X(hackshaw1998)                                                                    \
    X(normand1999)                                                                     \
    X(nrm)                                                                             \
    X(raudenbush1985)

#define FILE_TEST(name)                                                                \
    static void name(void **state)                                                     \
    {                                                                                  \
        (void)state;                                                                   \
        run_file(#name);                                                               \
    }
FILES(FILE_TEST)
#undef FILE_TEST

int main(void)
{
#define FILE_ROW(name) cmocka_unit_test(name),
    const struct CMUnitTest tests[] = {FILES(FILE_ROW)};
#undef FILE_ROW

    return cmocka_run_group_tests(tests, NULL, NULL);
}
