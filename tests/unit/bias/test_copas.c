/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "metapool/copas.h"

#include "copas_reference.h"
#include "core/arena.h"
#include "sets.h"
#include "support/test.h"

static mtp_copas_options defaults(void)
{
    mtp_copas_options o;

    mtp_copas_options_init(&o, sizeof o);
    return o;
}

static mtp_copas_result *fit(size_t k, const double yi[], const double vi[],
                             const mtp_copas_options *o)
{
    mtp_copas_result *r = NULL;
    mtp_error err = {0};

    if (mtp_copas(k, yi, vi, o, &r, &err) != MTP_OK) {
        fail_msg("%s", err.message);
    }
    return r;
}

static mtp_copas_result *fit_pair(size_t k, const double yi[], const double vi[],
                                  double gamma0, double gamma1)
{
    mtp_copas_options o = defaults();

    o.n = 1;
    o.gamma0 = &gamma0;
    o.gamma1 = &gamma1;
    return fit(k, yi, vi, &o);
}

static bool has_note(const mtp_copas_result *r, mtp_note_code code)
{
    for (size_t i = 0; i < r->notes.count; i++) {
        if (r->notes.item[i].code == code) {
            return true;
        }
    }
    return false;
}

/* What must hold of any fit. */
static void check_sound(const mtp_copas_fit *f, const mtp_copas_result *r)
{
    assert_true(isfinite(f->mu.estimate) && f->mu.se > 0.0);
    assert_true(f->mu.ci_lower < f->mu.estimate && f->mu.estimate < f->mu.ci_upper);
    assert_true(f->tau2 >= 0.0 && isfinite(f->loglik));
    assert_true(f->slope_loglik >= f->loglik - 1e-12 * fabs(f->loglik));
    assert_true(f->residual.p >= 0.0 && f->residual.p <= 1.0);
    assert_true(f->unpublished >= 0.0 && isfinite(f->unpublished));
    assert_true(f->n_modes > 0 && isfinite(f->slope));
    if (f->rho_state == MTP_COPAS_RHO_NONE) {
        assert_true(isnan(f->rho));
    } else {
        assert_true((r->side == MTP_SIDE_LEFT ? f->rho : -f->rho) >= 0.0);
        assert_true(fabs(f->rho) <= r->options.rho_bound);
    }
    for (size_t i = 0; i < r->k; i++) {
        assert_true(f->probs[i] >= f->prob && f->probs[i] <= 1.0);
    }
}

static void check_sound_path(const mtp_copas_result *r)
{
    for (size_t i = 0; i < r->n_fits; i++) {
        check_sound(&r->fits[i], r);
        assert_true(i == 0 || r->fits[i].prob <= r->fits[i - 1].prob);
    }
    if (r->adjusted) {
        check_sound(r->adjusted, r);
    }
}

/* Maxima that mpmath found. */
static void test_maxima(void **state)
{
    const struct {
        size_t k;
        const double *yi, *vi;
        mtp_side side;
        mtp_copas_rho rho;
    } set[] = {
        {BCG, bcg_yi, bcg_vi, MTP_SIDE_RIGHT, MTP_COPAS_RHO_FREE},
        {SMOKING, smoking_yi, smoking_vi, MTP_SIDE_LEFT, MTP_COPAS_RHO_FREE},
        {SMOKING, smoking_yi, smoking_vi, MTP_SIDE_LEFT, MTP_COPAS_RHO_AT_BOUND},
        {TEACHERS, teachers_yi, teachers_vi, MTP_SIDE_LEFT, MTP_COPAS_RHO_FREE},
        {TEACHERS, teachers_yi, teachers_vi, MTP_SIDE_LEFT, MTP_COPAS_RHO_AT_BOUND}};

    (void)state;
    for (size_t i = 0; i < sizeof set / sizeof set[0]; i++) {
        const double *want = COPAS[i];
        mtp_copas_result *r =
            fit_pair(set[i].k, set[i].yi, set[i].vi, want[0], want[1]);
        const mtp_copas_fit *f = &r->fits[1];

        assert_int_equal(r->side, set[i].side);
        assert_int_equal(r->n_fits, 2);
        assert_int_equal(f->rho_state, set[i].rho);
        assert_close(f->gamma0, want[0], 0.0, 0.0);
        assert_close(f->mu.estimate, want[2], 1e-12, 1e-13);
        assert_close(f->mu.se, want[3], 1e-11, 0.0);
        assert_close(f->tau2, want[4], 1e-11, 0.0);
        assert_close(f->rho, want[5], 1e-12, 0.0);
        assert_close(f->loglik, want[6], 1e-13, 1e-13);
        assert_close(f->slope, want[7], 1e-11, 0.0);
        assert_close(f->slope_loglik, want[8], 1e-12, 0.0);
        assert_close(f->residual.statistic, 2.0 * (want[8] - want[6]), 1e-11, 0.0);
        assert_close(f->prob, want[9], 1e-14, 0.0);
        assert_close(f->probs[r->largest], want[9], 1e-14, 0.0);
        assert_close(f->unpublished, want[10], 1e-13, 0.0);
        assert_true(f->gradient_norm < 1e-8);
        assert_int_equal(has_note(r, MTP_NOTE_SELECTION_LIMIT),
                         set[i].rho == MTP_COPAS_RHO_AT_BOUND);
        assert_int_equal(has_note(r, MTP_NOTE_TAU2_ZERO), want[4] == 0.0);
        check_sound_path(r);
        mtp_copas_free(r);
    }
}

/* The default path and where residual selection has p = 0.1; between the same points of
 * it, and with gamma0 and gamma1 given. */
static void test_adjusted(void **state)
{
    const double few[] = {0.8, 0.9};
    mtp_copas_options o = defaults();
    mtp_copas_result *r = fit(SMOKING, smoking_yi, smoking_vi, &o);
    double gamma0[2], gamma1[2], prob = 0.0;

    (void)state;
    assert_int_equal(r->n_fits, 20);
    check_sound_path(r);
    for (size_t i = 0; i < r->n_fits; i++) {
        const mtp_copas_fit *f = &r->fits[i];

        assert_close(f->prob, 1.0 - 0.05 * (double)i, 1e-13, 0.0);
        for (size_t j = 0; j < SMOKING; j++) {
            prob = fmax(j == 0 ? 0.0 : prob, f->probs[j]);
        }
        assert_close(1.0 - prob, 0.01 * (1.0 - f->prob), 1e-11, 1e-15);
    }
    assert_non_null(r->adjusted);
    assert_close(r->adjusted->prob, COPAS_CROSSING[0], 1e-11, 0.0);
    assert_close(r->adjusted->mu.estimate, COPAS_CROSSING[1], 1e-11, 0.0);
    assert_close(r->adjusted->mu.se, COPAS_CROSSING[2], 1e-10, 0.0);
    assert_close(r->adjusted->residual.p, 0.1, 1e-10, 0.0);
    for (size_t i = 0; i < 2; i++) {
        gamma0[i] = r->fits[4 - 2 * i].gamma0; /* 0.8, 0.9 */
        gamma1[i] = r->fits[4 - 2 * i].gamma1;
    }
    mtp_copas_free(r);
    o.n = 2;
    o.prob = few;
    r = fit(SMOKING, smoking_yi, smoking_vi, &o);
    assert_close(r->fits[1].prob, 0.9, 1e-14, 0.0); /* in order of the path */
    assert_close(r->adjusted->prob, COPAS_CROSSING[0], 1e-11, 0.0);
    mtp_copas_free(r);
    o.prob = NULL;
    o.gamma0 = gamma0;
    o.gamma1 = gamma1;
    r = fit(SMOKING, smoking_yi, smoking_vi, &o);
    assert_ptr_equal(r->adjusted, &r->fits[2]);
    assert_close(r->adjusted->prob, 0.8, 1e-13, 0.0);
    mtp_copas_free(r);
    o.sig_level = 0.9;
    r = fit(SMOKING, smoking_yi, smoking_vi, &o);
    assert_null(r->adjusted);
    assert_true(has_note(r, MTP_NOTE_NOT_DEFINED));
    mtp_copas_free(r);
}

/* Copas & Shi (2000), BMJ 320:417-418, doi:10.1136/bmj.320.7232.417: "if only 60% of
 * studies have been included, the estimate of excess risk falls from 24% to 15%". */
static void test_published(void **state)
{
    double low = 0.05, high = 0.95, risk = 0.0;

    (void)state;
    for (int i = 0; i < 10; i++) {
        mtp_copas_options o = defaults();
        double prob = 0.5 * (low + high), share;
        mtp_copas_result *r;

        o.n = 1;
        o.prob = &prob;
        r = fit(SMOKING, smoking_yi, smoking_vi, &o);
        assert_close(exp(r->fits[0].mu.estimate), 1.24, 0.0, 0.005);
        share = SMOKING / (SMOKING + r->fits[1].unpublished);
        risk = exp(r->fits[1].mu.estimate);
        *(share < 0.6 ? &low : &high) = prob;
        mtp_copas_free(r);
    }
    assert_close(risk, 1.15, 0.0, 0.005);
}

static mtp_pool_result *pool_ml(size_t k, const double yi[], const double vi[])
{
    mtp_effects effects = {
        .measure = mtp_measure_get(MTP_GEN), .k = k, .yi = yi, .vi = vi};
    mtp_pool_options options;
    mtp_pool_result *r = NULL;

    mtp_pool_options_init(&options, sizeof options);
    options.tau2 = MTP_TAU2_ML;
    assert_int_equal(mtp_pool(&effects, NULL, &options, &r, NULL), MTP_OK);
    return r;
}

/* Without selection: pooling by maximum likelihood, and the regression on the standard
 * error of metafor 3.8-1 (R 4.2.2), rma(yi, vi, mods = sqrt(vi), method = "ML"): slope,
 * log-likelihood. */
static void test_no_selection(void **state)
{
    const struct {
        size_t k;
        const double *yi, *vi;
        double slope, loglik;
    } set[] = {{BCG, bcg_yi, bcg_vi, -0.80508409893952, -12.28206665847},
               {SMOKING, smoking_yi, smoking_vi, 0.85429665541092, -7.9753414104975},
               {TEACHERS, teachers_yi, teachers_vi, 1.7328157784815, 0.1690278782025}};

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        mtp_copas_result *r = fit_pair(set[i].k, set[i].yi, set[i].vi, 40.0, 0.0);
        mtp_pool_result *p = pool_ml(set[i].k, set[i].yi, set[i].vi);

        for (size_t j = 0; j < 2; j++) {
            const mtp_copas_fit *f = &r->fits[j];

            assert_int_equal(f->rho_state, MTP_COPAS_RHO_NONE);
            assert_close(f->mu.estimate, p->overall.random.estimate, 1e-13, 0.0);
            assert_close(f->tau2, p->overall.heterogeneity.tau2, 1e-13, 0.0);
            assert_close(f->loglik, p->overall.fit.loglik, 1e-13, 0.0);
            assert_close(f->slope, set[i].slope, 1e-12, 0.0);
            assert_close(f->slope_loglik, set[i].loglik, 1e-12, 0.0);
            assert_true(f->unpublished < 1e-12);
        }
        mtp_pool_result_free(p);
        mtp_copas_free(r);
    }
}

static void check_image(const mtp_copas_fit *a, const mtp_copas_fit *b, double by)
{
    assert_close(b->prob, a->prob, 1e-12, 0.0);
    assert_close(b->unpublished, a->unpublished, 1e-12, 1e-15);
    assert_close(b->mu.estimate, by * a->mu.estimate, 1e-9, 1e-12 * fabs(by));
    assert_close(b->mu.se, fabs(by) * a->mu.se, 1e-9, 0.0);
    assert_close(b->tau2, by * by * a->tau2, 1e-8, 1e-13 * by * by);
    assert_close(b->rho, by < 0.0 ? -a->rho : a->rho, 1e-9, 1e-12);
    assert_close(b->residual.statistic, a->residual.statistic, 1e-9, 1e-11);
    assert_close(b->slope, by < 0.0 ? -a->slope : a->slope, 1e-8, 1e-10);
}

/* The other sign is the other side, units and a shift change what they must, and the
 * order of studies nothing. */
static void test_equivariance(void **state)
{
    const double times[] = {-1.0, 1024.0, -3e-7};
    mtp_copas_options o = defaults();
    double yi[TEACHERS], vi[TEACHERS];
    mtp_copas_result *a = fit(TEACHERS, teachers_yi, teachers_vi, &o), *b;

    (void)state;
    for (size_t t = 0; t < 3; t++) {
        for (size_t i = 0; i < TEACHERS; i++) {
            yi[i] = times[t] * teachers_yi[i];
            vi[i] = times[t] * times[t] * teachers_vi[i];
        }
        b = fit(TEACHERS, yi, vi, &o);
        assert_true((a->side == b->side) == (times[t] > 0.0));
        for (size_t i = 0; i < a->n_fits; i++) {
            check_image(&a->fits[i], &b->fits[i], times[t]);
        }
        check_image(a->adjusted, b->adjusted, times[t]);
        mtp_copas_free(b);
    }
    for (size_t i = 0; i < TEACHERS; i++) {
        yi[i] = teachers_yi[TEACHERS - 1 - i];
        vi[i] = teachers_vi[TEACHERS - 1 - i];
    }
    b = fit(TEACHERS, yi, vi, &o);
    assert_int_equal(b->largest, TEACHERS - 1 - a->largest);
    for (size_t i = 0; i < a->n_fits; i++) {
        const mtp_copas_fit *f = &a->fits[i], *g = &b->fits[i];

        assert_memory_equal(&f->mu, &g->mu, sizeof f->mu);
        assert_memory_equal(&f->loglik, &g->loglik, sizeof f->loglik);
        assert_close(f->probs[3], g->probs[TEACHERS - 4], 0.0, 0.0);
        yi[i < TEACHERS ? i : 0] = 0.0;
    }
    mtp_copas_free(b);
    for (size_t i = 0; i < TEACHERS; i++) {
        yi[i] = teachers_yi[i] + 4.0;
    }
    b = fit(TEACHERS, yi, teachers_vi, &o);
    assert_close(b->adjusted->mu.estimate, a->adjusted->mu.estimate + 4.0, 1e-10, 0.0);
    assert_close(b->adjusted->prob, a->adjusted->prob, 1e-9, 0.0);
    mtp_copas_free(b);
    mtp_copas_free(a);
}

/* A side to which nothing points: no selection fits best, and the estimate stays. */
static void test_other_side(void **state)
{
    mtp_copas_options o = defaults();
    mtp_copas_result *r;
    size_t at_zero = 0;

    (void)state;
    o.side = MTP_SIDE_LEFT;
    r = fit(BCG, bcg_yi, bcg_vi, &o);
    for (size_t i = 1; i < r->n_fits; i++) {
        if (r->fits[i].rho_state == MTP_COPAS_RHO_AT_ZERO) {
            at_zero++;
            assert_close(r->fits[i].mu.estimate, r->fits[0].mu.estimate, 1e-11, 0.0);
            assert_close(r->fits[i].rho, 0.0, 0.0, 0.0);
        }
    }
    assert_true(at_zero > 0);
    assert_true(has_note(r, MTP_NOTE_SELECTION_LIMIT));
    check_sound_path(r);
    mtp_copas_free(r);
}

/* From next to no selection to next to nothing published; three studies; studies of all
 * but the same size; no heterogeneity; units far from 1. */
static void test_extremes(void **state)
{
    const double prob[] = {1.0 - 1e-6, 0.9999, 0.5, 1e-3, 1e-6}, ratio[] = {1.0, 1e-9};
    const double same[] = {0.25, 0.25, 0.25 + 1e-9, 0.25, 0.25};
    const double flat[] = {0.1, 0.1, 0.1, 0.1, 0.1},
                 size[] = {1e-3, 1.0, 2.0, 0.5, 9.0};
    const double far[] = {1e90, 2e90, -1e90, 4e90, 3e90};
    const double far_v[] = {1e180, 2e180, 3e180, 4e180, 5e180};
    const struct {
        size_t k;
        const double *yi, *vi;
    } set[] = {{3, teachers_yi, teachers_vi},
               {5, teachers_yi, same},
               {5, flat, size},
               {5, far, far_v},
               {BCG, bcg_yi, bcg_vi}};
    mtp_copas_options o = defaults();

    (void)state;
    o.n = 5;
    o.prob = prob;
    for (size_t i = 0; i < 5; i++) {
        for (int j = 0; j < 4; j++) {
            mtp_copas_result *r;

            o.ratio = ratio[j / 2];
            o.side = j % 2 ? MTP_SIDE_LEFT : MTP_SIDE_RIGHT;
            r = fit(set[i].k, set[i].yi, set[i].vi, &o);
            check_sound_path(r);
            assert_close(r->fits[1].mu.estimate, r->fits[0].mu.estimate, 1e-3, 1e-6);
            assert_true(has_note(r, MTP_NOTE_FEW_FOR_ASYMMETRY) == (r->k < 10));
            mtp_copas_free(r);
        }
    }
}

static void check_refused(mtp_status status, const mtp_copas_options *o, size_t k,
                          const double yi[], const double vi[])
{
    mtp_copas_result *r = NULL;
    mtp_error err = {0};

    assert_int_equal(mtp_copas(k, yi, vi, o, &r, &err), status);
    assert_null(r);
    assert_true(err.message[0] != '\0');
}

static void test_refused_options(void **state)
{
    const double bad[] = {0.5, 1.0}, low = -6.0, zero = 0.0, negative = -0.1;
    mtp_copas_options o = defaults();

    (void)state;
    o.n = 2;
    check_refused(MTP_E_ARG, &o, BCG, bcg_yi, bcg_vi); /* no path */
    o.prob = bad;
    check_refused(MTP_E_ARG, &o, BCG, bcg_yi, bcg_vi);
    o.n = 1;
    o.gamma0 = &zero;
    check_refused(MTP_E_ARG, &o, BCG, bcg_yi, bcg_vi); /* one too many */
    o.prob = NULL;
    check_refused(MTP_E_ARG, &o, BCG, bcg_yi, bcg_vi); /* no gamma1 */
    o.gamma1 = &negative;
    check_refused(MTP_E_ARG, &o, BCG, bcg_yi, bcg_vi);
    o.gamma0 = &low;
    o.gamma1 = &zero;
    check_refused(MTP_E_ARG, &o, BCG, bcg_yi, bcg_vi); /* nothing is published */
    o = defaults();
    o.ratio = 0.0;
    check_refused(MTP_E_ARG, &o, BCG, bcg_yi, bcg_vi);
    o = defaults();
    o.rho_bound = 1.0;
    check_refused(MTP_E_ARG, &o, BCG, bcg_yi, bcg_vi);
    o = defaults();
    o.sig_level = (double)NAN;
    check_refused(MTP_E_ARG, &o, BCG, bcg_yi, bcg_vi);
    o = defaults();
    o.side = MTP_SIDE_COUNT;
    check_refused(MTP_E_ARG, &o, BCG, bcg_yi, bcg_vi);
    o.size = 0;
    check_refused(MTP_E_ARG, &o, BCG, bcg_yi, bcg_vi);
}

static void test_refused_data(void **state)
{
    const double y[] = {0.1, (double)NAN, 0.3}, v[] = {1.0, 2.0, 3.0};
    const double same[] = {2.0, 2.0, 2.0}, none[] = {1.0, 0.0, 1.0};

    (void)state;
    check_refused(MTP_E_DEGENERATE, NULL, 2, v, v);
    check_refused(MTP_E_DEGENERATE, NULL, 3, v, same);
    check_refused(MTP_E_DATA, NULL, 3, y, v);
    check_refused(MTP_E_DATA, NULL, 3, v, none);
}

/* Every allocation that fails is reported, and nothing leaks. */
static void test_memory(void **state)
{
    const double prob[] = {0.9, 0.6};
    mtp_copas_options o = defaults();
    mtp_status status = MTP_E_NOMEM;

    (void)state;
    o.n = 2;
    o.prob = prob;
    o.sig_level = 0.2;
    for (size_t n = 1; status == MTP_E_NOMEM; n++) {
        mtp_copas_result *r = NULL;

        assert_true(n < 1000);
        mtp_arena_fail_after(n);
        status = mtp_copas(TEACHERS, teachers_yi, teachers_vi, &o, &r, NULL);
        mtp_arena_fail_after(0);
        mtp_copas_free(r);
    }
    assert_int_equal(status, MTP_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_maxima),       cmocka_unit_test(test_adjusted),
        cmocka_unit_test(test_published),    cmocka_unit_test(test_no_selection),
        cmocka_unit_test(test_equivariance), cmocka_unit_test(test_other_side),
        cmocka_unit_test(test_extremes),     cmocka_unit_test(test_refused_options),
        cmocka_unit_test(test_refused_data), cmocka_unit_test(test_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
