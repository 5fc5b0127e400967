/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "metapool/rounding.h"

#include "core/arena.h"
#include "num/random.h"
#include "studies.h"

#include <math.h>
#include <string.h>

typedef const double *halves[MTP_ROLE_COUNT];

enum { K = 5 };

static const double yi[K] = {0.30, 0.82, 0.55, -0.10, 0.21};
static const double sei[K] = {0.20, 0.31, 0.12, 0.25, 0.18};
static const double h[K] = {0.005, 0.005, 0.005, 0.005, 0.005};
static const double h2[K] = {0.005, 0.005, 0.005, 0.005, 0.005};
static const double design[2 * K] = {1, 1, 1, 4, 1, 2, 1, 7, 1, 3};

static mtp_raw five(void)
{
    mtp_raw raw = {.size = sizeof raw, .k = K};

    raw.column[MTP_ROLE_YI] = yi;
    raw.column[MTP_ROLE_SEI] = sei;
    return raw;
}

static mtp_moderators line(size_t k, const double x[])
{
    static const char *const name[] = {"intercept", "x"}, *const term[] = {"x"};
    static const size_t column_term[] = {1, 0};

    return (mtp_moderators){k, 2, x, name, true, 1, term, column_term};
}

static mtp_regress_options by(mtp_tau2_method tau2)
{
    mtp_regress_options options;

    mtp_regress_options_init(&options, sizeof options);
    options.tau2 = tau2;
    return options;
}

static mtp_rounding_result *round_line(const mtp_raw *raw, const halves half,
                                       const mtp_moderators *m,
                                       const mtp_regress_options *regress,
                                       mtp_rounding_way way, unsigned threads)
{
    mtp_rounding_options options;
    mtp_rounding_result *r = NULL;

    mtp_rounding_options_init(&options, sizeof options);
    options.way = way;
    options.draws = 150;
    options.threads = threads;
    assert_int_equal(
        mtp_rounding_regress(raw, half, NULL, m, regress, &options, &r, NULL), MTP_OK);
    return r;
}

/* Equal variances and x = 0, 1, 2: the slope is (y3 - y1) / 2 and moves by (h1 + h3) /
 * 2, the intercept (5 y1 + 2 y2 - y3) / 6 by (5 h1 + 2 h2 + h3) / 6, by hand. Their
 * standard errors, by tau2 = 0 and Wald, stay sqrt(v / 2) and sqrt(5 v / 6). */
static void test_by_hand(void **state)
{
    const double y[] = {0.1, 0.4, 0.9}, v[] = {0.02, 0.02, 0.02};
    const double half[] = {0.05, 0.005, 0.5}, x[] = {1, 0, 1, 1, 1, 2};
    mtp_raw raw = {.size = sizeof raw, .k = 3};
    halves of = {[MTP_ROLE_YI] = half};
    mtp_moderators m = line(3, x);
    mtp_regress_options options = by(MTP_TAU2_EE);
    const mtp_rounding_coefficient *c;
    mtp_rounding_result *r;

    (void)state;
    raw.column[MTP_ROLE_YI] = y;
    raw.column[MTP_ROLE_VI] = v;
    options.ci = MTP_CI_WALD;
    r = round_line(&raw, of, &m, &options, MTP_ROUNDING_BOUNDS, 1);
    c = r->regression->coefficient;
    assert_string_equal(c[1].name, "x");
    assert_close(c[1].estimate.value, 0.4, 1e-14, 0.0);
    assert_close(c[1].estimate.lower, 0.4 - 0.275, 1e-13, 0.0);
    assert_close(c[1].estimate.upper, 0.4 + 0.275, 1e-13, 0.0);
    assert_close(c[0].estimate.lower, 0.4 / 6.0 - 0.76 / 6.0, 1e-12, 0.0);
    assert_close(c[0].estimate.upper, 0.4 / 6.0 + 0.76 / 6.0, 1e-12, 0.0);
    assert_close(c[1].se.lower, 0.1, 1e-13, 0.0);
    assert_close(c[1].se.upper, 0.1, 1e-13, 0.0);
    assert_close(c[0].se.upper, sqrt(0.1 / 6.0), 1e-13, 0.0);
    assert_close(c[1].statistic.upper, 6.75, 1e-12, 0.0);
    assert_close(r->regression->omnibus.statistic.upper, 6.75 * 6.75, 1e-12, 0.0);
    assert_close(c[0].p.upper, 1.0, 0.0, 0.0); /* 0 lies within its rounding */
    assert_int_equal(r->n_sets, 0);
    assert_int_equal(r->n_inputs, 3);
    assert_true(isnan(r->regression->scale_omnibus.statistic.value));
    mtp_rounding_free(r);
}

/* The same line: at x = 3 the mean is (-2 y1 + y2 + 4 y3) / 3, its standard error
 * sqrt(7 v / 3), by hand. Of more than a hundred means none has bounds, and a note says
 * so. */
static void test_prediction(void **state)
{
    enum { MANY = MTP_ROUNDING_PREDICTIONS_MAX };
    const double y[] = {0.1, 0.4, 0.9}, v[] = {0.02, 0.02, 0.02};
    const double half[] = {0.05, 0.005, 0.5}, x[] = {1, 0, 1, 1, 1, 2};
    const double at[] = {1, 3}, spread = 2.105 / 3.0, z = 1.959963984540054;
    mtp_combination row[MANY];
    mtp_raw raw = {.size = sizeof raw, .k = 3};
    halves of = {[MTP_ROLE_YI] = half};
    mtp_moderators m = line(3, x);
    mtp_regress_options options = by(MTP_TAU2_EE);
    const mtp_rounding_prediction *p;
    mtp_rounding_result *r;

    (void)state;
    raw.column[MTP_ROLE_YI] = y;
    raw.column[MTP_ROLE_VI] = v;
    for (size_t i = 0; i < MANY; i++) {
        row[i] = (mtp_combination){"x = 3", at};
    }
    options.ci = MTP_CI_WALD;
    options.margins = options.predictions = row;
    options.n_predictions = 2;
    r = round_line(&raw, of, &m, &options, MTP_ROUNDING_BOUNDS, 2);
    assert_int_equal(r->regression->n_predictions, 2);
    p = &r->regression->predictions[1];
    assert_string_equal(p->name, "x = 3");
    assert_close(p->estimate.value, 3.8 / 3.0, 1e-13, 0.0);
    assert_close(p->estimate.lower, 3.8 / 3.0 - spread, 1e-12, 0.0);
    assert_close(p->estimate.upper, 3.8 / 3.0 + spread, 1e-12, 0.0);
    assert_close(p->se.upper, sqrt(0.14 / 3.0), 1e-12, 0.0);
    assert_close(p->upper.upper, 3.8 / 3.0 + spread + z * sqrt(0.14 / 3.0), 1e-12, 0.0);
    assert_close(p->back.lower.lower, 3.8 / 3.0 - spread - z * sqrt(0.14 / 3.0), 1e-12,
                 0.0);
    mtp_rounding_free(r);
    options.n_predictions = MANY;
    options.n_margins = 1;
    r = round_line(&raw, of, &m, &options, MTP_ROUNDING_BOUNDS, 1);
    assert_int_equal(r->regression->n_predictions + r->regression->n_margins, 0);
    assert_int_equal(r->notes.count, 1);
    assert_int_equal(r->notes.item[0].code, MTP_NOTE_NOT_DEFINED);
    mtp_rounding_free(r);
}

static void assert_range(const mtp_rounding_range *range, double lower, double upper)
{
    assert_close(range->lower, lower, 1e-9, 0.0);
    assert_close(range->upper, upper, 1e-9, 0.0);
}

/* All 1024 corners by metafor 3.8-1: rma(yi, sei = sei, mods = ~x, method = "DL",
 * test = "knha"). */
static void test_corners(void **state)
{
    mtp_raw raw = five();
    halves half = {[MTP_ROLE_YI] = h, [MTP_ROLE_SEI] = h2};
    mtp_moderators m = line(K, design);
    mtp_regress_options options = by(MTP_TAU2_DL);
    mtp_rounding_result *r =
        round_line(&raw, half, &m, &options, MTP_ROUNDING_BOUNDS, 1);
    const mtp_rounding_regression *g = r->regression;
    const mtp_rounding_coefficient *x = &g->coefficient[1];

    (void)state;
    assert_range(&x->estimate, -0.075703107070757933, -0.067663561390741075);
    assert_range(&x->se, 0.067728982150015132, 0.072891181505854483);
    assert_range(&x->lower, -0.303575427893720384, -0.287188408127451833);
    assert_range(&x->upper, 0.142010045298467058, 0.161963869387154125);
    assert_range(&x->statistic, -1.100757759085913667, -0.941735005723522201);
    assert_range(&g->omnibus.statistic, 0.886864821005082238, 1.211667644187842674);
    assert_range(&g->terms[0].statistic, 0.886864821005082238, 1.211667644187842674);
    assert_range(&g->tau2, 0.031793925508925139, 0.040777361150891846);
    assert_range(&g->I2, 46.235762592329976428, 54.891044310482968172);
    assert_range(&g->Q, 5.579917329157576766, 6.650564071243121766);
    assert_close(x->p.lower, g->omnibus.p.lower, 1e-12, 0.0);
    assert_close(x->p.upper, g->omnibus.p.upper, 1e-12, 0.0);
    assert_int_equal(r->n_inputs, 2 * K);
    mtp_rounding_free(r);
}

static bool holds(const mtp_rounding_range *range, double x)
{
    double slack = 1e-9 * (range->upper - range->lower) + 1e-12 * fabs(range->value);

    return isnan(range->value) ? isnan(x)
                               : x >= range->lower - slack && x <= range->upper + slack;
}

static void assert_holds(const mtp_rounding_regression *g, const mtp_regress_result *r)
{
    for (size_t j = 0; j < r->p; j++) {
        const mtp_rounding_coefficient *range = &g->coefficient[j];
        const mtp_coefficient *c = &r->coefficient[j];

        assert_true(holds(&range->estimate, c->estimate));
        assert_true(holds(&range->se, c->se));
        assert_true(holds(&range->lower, c->ci_lower));
        assert_true(holds(&range->upper, c->ci_upper));
        assert_true(holds(&range->statistic, c->statistic));
        assert_true(holds(&range->p, c->p));
    }
    assert_true(holds(&g->omnibus.statistic, r->omnibus.statistic));
    assert_true(holds(&g->omnibus.p, r->omnibus.p));
    assert_true(holds(&g->terms[0].p, r->terms[0].test.p));
    assert_true(holds(&g->tau2, r->heterogeneity.tau2));
    assert_true(holds(&g->I2, r->heterogeneity.I2));
    assert_true(holds(&g->R2, r->R2));
    assert_true(holds(&g->Q, r->heterogeneity.Q));
    assert_true(holds(&g->Q_p, r->heterogeneity.p));
}

/* Random inputs, a third of them at an end, give figures within the bounds; as printed
 * they are those of mtp_regress. */
static void test_random(void **state)
{
    halves half = {[MTP_ROLE_YI] = h, [MTP_ROLE_SEI] = h2};
    mtp_moderators m = line(K, design);
    mtp_regress_options options = by(MTP_TAU2_REML);
    double y[K], s[K];
    mtp_raw raw = five(), moved = raw;
    mtp_rounding_result *r =
        round_line(&raw, half, &m, &options, MTP_ROUNDING_BOUNDS, 1);

    (void)state;
    moved.column[MTP_ROLE_YI] = y;
    moved.column[MTP_ROLE_SEI] = s;
    for (size_t d = 0; d < 500; d++) {
        mtp_random random = mtp_random_start(99, d);
        mtp_effects *effects = NULL;
        mtp_regress_result *fit = NULL;

        for (size_t i = 0; i < K; i++) {
            double a = fmax(-1.0, fmin(1.0, 3.0 * mtp_random_uniform(&random) - 1.5));
            double b = fmax(-1.0, fmin(1.0, 3.0 * mtp_random_uniform(&random) - 1.5));

            y[i] = yi[i] + (d > 0 ? a * h[i] : 0.0);
            s[i] = sei[i] + (d > 0 ? b * h2[i] : 0.0);
        }
        assert_int_equal(mtp_effects_compute(NULL, &moved, &effects, NULL), MTP_OK);
        assert_int_equal(mtp_regress(effects, &m, &options, &fit, NULL), MTP_OK);
        assert_holds(r->regression, fit);
        if (d == 0) {
            assert_close(r->regression->R2.value, fit->R2, 0.0, 0.0);
            assert_close(r->regression->tau2.value, fit->heterogeneity.tau2, 0.0, 0.0);
            assert_close(r->regression->coefficient[1].p.value, fit->coefficient[1].p,
                         0.0, 0.0);
        }
        mtp_regress_result_free(fit);
        mtp_effects_free(effects);
    }
    mtp_rounding_free(r);
}

/* Draws depend on their seed alone, and lie within the bounds. */
static void test_draws(void **state)
{
    halves half = {[MTP_ROLE_YI] = h, [MTP_ROLE_SEI] = h2};
    mtp_moderators m = line(K, design);
    mtp_regress_options options = by(MTP_TAU2_REML);
    mtp_raw raw = five();
    mtp_rounding_result *one =
        round_line(&raw, half, &m, &options, MTP_ROUNDING_DRAWS, 1);
    mtp_rounding_result *four =
        round_line(&raw, half, &m, &options, MTP_ROUNDING_DRAWS, 4);
    mtp_rounding_result *bounds =
        round_line(&raw, half, &m, &options, MTP_ROUNDING_BOUNDS, 3);
    mtp_rounding_result *again =
        round_line(&raw, half, &m, &options, MTP_ROUNDING_BOUNDS, 1);
    const mtp_rounding_coefficient *x = &one->regression->coefficient[1];

    (void)state;
    assert_memory_equal(&x->estimate, &four->regression->coefficient[1].estimate,
                        6 * sizeof x->estimate);
    assert_memory_equal(&bounds->regression->coefficient[1].estimate,
                        &again->regression->coefficient[1].estimate,
                        6 * sizeof x->estimate);
    assert_true(x->estimate.lower < x->estimate.median &&
                x->estimate.median < x->estimate.upper);
    assert_true(holds(&bounds->regression->coefficient[1].estimate, x->estimate.lower));
    assert_true(holds(&bounds->regression->tau2, one->regression->tau2.upper));
    assert_int_equal(one->fits, 1 + 4 * K + 150);
    mtp_rounding_free(one);
    mtp_rounding_free(four);
    mtp_rounding_free(bounds);
    mtp_rounding_free(again);
}

/* As many studies as columns: no tau2, no tests, and no bounds of them. */
static void test_no_freedom(void **state)
{
    mtp_raw raw = five();
    halves half = {[MTP_ROLE_YI] = h};
    mtp_moderators m = line(2, design);
    mtp_regress_options options = by(MTP_TAU2_REML);
    mtp_rounding_result *r;

    (void)state;
    raw.k = 2;
    r = round_line(&raw, half, &m, &options, MTP_ROUNDING_BOUNDS, 1);
    /* (0.82 - 0.30) / 3, each by 0.005 */
    assert_range(&r->regression->coefficient[1].estimate, 0.51 / 3.0, 0.53 / 3.0);
    assert_true(isnan(r->regression->tau2.lower));
    assert_true(isnan(r->regression->R2.upper));
    mtp_rounding_free(r);
}

static void test_refusals(void **state)
{
    const double negative[K] = {0.005, -1.0, 0.005, 0.005, 0.005};
    const double twins[2 * K] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
    mtp_raw raw = five();
    halves half = {[MTP_ROLE_YI] = negative};
    mtp_moderators m = line(K, design);
    mtp_regress_options sizeless = {0};
    mtp_rounding_result *r = NULL;

    (void)state;
    assert_int_equal(mtp_rounding_regress(&raw, half, NULL, &m, NULL, NULL, &r, NULL),
                     MTP_E_ARG);
    half[MTP_ROLE_YI] = h;
    assert_int_equal(
        mtp_rounding_regress(&raw, half, NULL, &m, &sizeless, NULL, &r, NULL),
        MTP_E_ARG);
    m = line(K, twins);
    assert_int_equal(mtp_rounding_regress(&raw, half, NULL, &m, NULL, NULL, &r, NULL),
                     MTP_E_DATA);
    assert_null(r);
}

static void test_no_memory(void **state)
{
    mtp_raw raw = five();
    halves half = {[MTP_ROLE_YI] = h};
    mtp_moderators m = line(K, design);
    mtp_status status = MTP_E_NOMEM;
    mtp_rounding_options options;
    size_t n = 1;

    (void)state;
    mtp_rounding_options_init(&options, sizeof options);
    options.starts = 1;
    for (; status == MTP_E_NOMEM && n < 10000000; n += 1 + n / 8) {
        mtp_rounding_result *r = NULL;

        mtp_arena_fail_after(n);
        status = mtp_rounding_regress(&raw, half, NULL, &m, NULL, &options, &r, NULL);
        mtp_arena_fail_after(0);
        assert_true(status == MTP_OK || !r);
        mtp_rounding_free(r);
    }
    assert_int_equal(status, MTP_OK);
    assert_true(n > 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_by_hand),    cmocka_unit_test(test_corners),
        cmocka_unit_test(test_random),     cmocka_unit_test(test_draws),
        cmocka_unit_test(test_no_freedom), cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_no_memory),  cmocka_unit_test(test_prediction),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
