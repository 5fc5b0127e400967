/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Location-scale models against 40-digit optima, and what must hold at the edges. */
#include "metapool/location_scale.h"
#include "metapool/tau2.h"

#include "core/arena.h"
#include "support/test.h"

enum { K_MAX = 13, COLUMNS_MAX = 3 };

typedef struct scale_case {
    const char *name;
    size_t k, p, q;
    bool restricted;
    double y[K_MAX], v[K_MAX], x[K_MAX * COLUMNS_MAX], z[K_MAX * COLUMNS_MAX];
    double beta[COLUMNS_MAX], vcov_beta[COLUMNS_MAX * COLUMNS_MAX];
    double alpha[COLUMNS_MAX], vcov_alpha[COLUMNS_MAX * COLUMNS_MAX];
    double loglik;
} scale_case;

#include "location_scale_reference.h"

enum { N_CASES = sizeof scale_cases / sizeof *scale_cases, VANISHING = N_CASES - 1 };

static mtp_location_scale_result *fit(size_t k, const double y[], const double v[],
                                      size_t p, const double x[], size_t q,
                                      const double z[], mtp_tau2_method method)
{
    mtp_location_scale_options options;
    mtp_location_scale_result *result = NULL;
    mtp_error err = {0};

    mtp_location_scale_options_init(&options, sizeof options);
    options.method = method;
    if (mtp_location_scale(k, y, v, p, x, q, z, &options, &result, &err) != MTP_OK) {
        print_error("%s\n", err.message);
        fail();
    }
    return result;
}

static mtp_location_scale_result *fit_case(const scale_case *c)
{
    return fit(c->k, c->y, c->v, c->p, c->x, c->q, c->z,
               c->restricted ? MTP_TAU2_REML : MTP_TAU2_ML);
}

static bool has_note(const mtp_location_scale_result *r, mtp_note_code code)
{
    for (size_t i = 0; i < r->notes.count; i++) {
        if (r->notes.item[i].code == code) {
            return true;
        }
    }
    return false;
}

static void check_all(const double got[], const double want[], size_t n, double rtol)
{
    for (size_t i = 0; i < n; i++) {
        assert_close(got[i], want[i], rtol, 1e-13);
    }
}

static void test_optima(void **state)
{
    (void)state;
    for (size_t i = 0; i < VANISHING; i++) {
        const scale_case *c = &scale_cases[i];
        mtp_location_scale_result *r = fit_case(c);

        print_message("%s\n", c->name);
        check_all(r->alpha, c->alpha, c->q, 1e-12);
        check_all(r->vcov_alpha, c->vcov_alpha, c->q * c->q, 1e-11);
        check_all(r->beta, c->beta, c->p, 1e-12);
        check_all(r->vcov_beta, c->vcov_beta, c->p * c->p, 1e-12);
        assert_close(r->loglik, c->loglik, TOL1, 0.0);
        assert_int_equal(r->n_vanished, 0);
        assert_int_equal(r->n_modes, 1);
        for (size_t s = 0; s < c->k; s++) {
            double eta = 0.0;

            for (size_t a = 0; a < c->q; a++) {
                eta += c->alpha[a] * c->z[s * c->q + a];
            }
            assert_close(r->tau2[s], exp(eta), 1e-12, 0.0);
        }
        mtp_location_scale_free(r);
    }
}

/* metafor 3.8-1, BCG, scale = ~ alloc by REML: QS 0.87528, AIC 31.50995737, BIC
 * 33.44958397, AICc 37.22424309 (its digits), with p + q parameters and k - p. */
static void test_criteria(void **state)
{
    const scale_case *c = &scale_cases[4];
    mtp_location_scale_result *r;

    (void)state;
    assert_string_equal(c->name, "allocation, REML");
    r = fit_case(c);
    assert_close(r->scale.statistic, 0.87528, 2e-5, 0.0);
    assert_close(r->scale.df, 2.0, 0.0, 0.0);
    assert_close(r->scale.p, 0.64556, 2e-5, 0.0);
    assert_close(r->AIC, 31.50995737064108, 1e-11, 0.0);
    assert_close(r->BIC, 33.44958396979308, 1e-11, 0.0);
    assert_close(r->AICc, 37.22424308492680, 1e-11, 0.0);
    mtp_location_scale_free(r);
}

/* A constant alone is the ordinary model. */
static void test_one_variance(void **state)
{
    static const mtp_tau2_method methods[] = {MTP_TAU2_ML, MTP_TAU2_REML};
    const scale_case *c = &scale_cases[2];

    (void)state;
    for (size_t m = 0; m < 2; m++) {
        mtp_tau2_result ordinary;
        mtp_location_scale_result *r =
            fit(c->k, c->y, c->v, 1, NULL, 1, NULL, methods[m]);

        assert_int_equal(
            mtp_tau2_estimate(methods[m], c->k, c->y, c->v, &ordinary, NULL), MTP_OK);
        assert_close(r->tau2[0], ordinary.tau2, 1e-13, 0.0);
        assert_close(r->loglik, ordinary.loglik, TOL1, 0.0);
        /* no slope to be tested */
        assert_close(r->scale.statistic, (double)NAN, 0.0, 0.0);
        mtp_location_scale_free(r);
    }
}

/* A group without heterogeneity: its tau2 is 0, and the others are as in the limit. The
 * group is the one that a dummy names, or the reference. */
static void test_vanishing_group(void **state)
{
    const scale_case *c = &scale_cases[VANISHING];
    double z[2 * K_MAX];

    (void)state;
    for (int reference = 0; reference < 2; reference++) {
        mtp_location_scale_result *r;

        for (size_t i = 0; i < c->k; i++) {
            z[2 * i] = 1.0;
            z[2 * i + 1] = (i < 4) == (reference == 1) ? 1.0 : 0.0;
        }
        r = fit(c->k, c->y, c->v, 1, c->x, 2, z, MTP_TAU2_REML);
        assert_int_equal(r->n_vanished, 4);
        assert_close(r->beta[0], c->beta[0], 1e-12, 0.0);
        assert_close(r->vcov_beta[0], c->vcov_beta[0], 1e-12, 0.0);
        assert_close(r->loglik, c->loglik, TOL1, 0.0);
        assert_close(r->tau2[0], exp(c->alpha[0]), 1e-12, 0.0);
        assert_true(r->tau2[5] == 0.0);
        if (reference) {
            assert_true(r->alpha[0] == (double)-INFINITY);
            assert_true(r->alpha[1] == (double)INFINITY);
        } else {
            assert_close(r->alpha[0], c->alpha[0], 1e-12, 0.0);
            assert_close(r->vcov_alpha[0], c->vcov_alpha[0], 1e-11, 0.0);
            assert_true(r->alpha[1] == (double)-INFINITY);
        }
        assert_close(r->vcov_alpha[3], (double)NAN, 0.0, 0.0);
        assert_close(r->scale.statistic, (double)NAN, 0.0, 0.0);
        assert_true(has_note(r, MTP_NOTE_SCALE_VANISHED));
        mtp_location_scale_free(r);
    }
}

/* Within each group the study with the largest z alone has heterogeneity, and in the
 * first the next is near: the slope must grow to thousands before they part. Made up;
 * the limit, with three variances free and the others 0, by mpmath 1.3 at 60 digits,
 * which finds the likelihood of the whole model to rise with the slope all the way:
 * -6.3965 at 467, -6.2777759 at 1200, -6.276903954201392 at 8000. */
static void test_endless_ridge(void **state)
{
    static const double y[] = {0.6167, 1.2501, 0.1301,  0.1936,  -0.0938,
                               0.0219, 0.1491, -0.1562, -0.0165, 0.9327,
                               1.032,  0.5723, -0.965,  0.009};
    static const double v[] = {0.2971, 0.0117, 0.1096, 0.1533, 0.013,  0.1276, 0.0194,
                               0.2972, 0.1671, 0.2246, 0.0144, 0.0775, 0.0542, 0.1511};
    static const double z[] = {1.316, 2.232, 0.368, 2.225, 1.519, 1.628, 0.148,
                               0.006, 2.056, 1.14,  1.486, 1.0,   2.569, 0.279};
    static const char group[] = "aabaabcbaaccbc";
    static const double beta[] = {0.010114917898566217703, -0.020674517385171370015,
                                  0.22033027534814335391};
    double x[14 * 3], scale[14 * 4];
    mtp_location_scale_result *r;

    (void)state;
    for (size_t i = 0; i < 14; i++) {
        x[3 * i] = scale[4 * i] = 1.0;
        scale[4 * i + 1] = z[i];
        for (size_t g = 1; g < 3; g++) {
            x[3 * i + g] = scale[4 * i + 1 + g] = group[i] == "abc"[g] ? 1.0 : 0.0;
        }
    }
    r = fit(14, y, v, 3, x, 4, scale, MTP_TAU2_ML);
    assert_close(r->loglik, -6.2769039542013923178, TOL1, 0.0);
    check_all(r->beta, beta, 3, 1e-9);
    assert_close(r->vcov_beta[0], 0.010214579273886921195, 1e-9, 0.0);
    assert_close(r->tau2[1], 1.5258630038340994501, 1e-9, 0.0);
    assert_close(r->tau2[12], 0.85675647813216951031, 1e-9, 0.0);
    assert_close(r->tau2[10], 0.62809010822930480889, 1e-9, 0.0);
    assert_int_equal(r->n_vanished, 11);
    assert_int_equal(r->n_modes, 1);
    assert_true(r->alpha[1] == (double)INFINITY);
    assert_true(has_note(r, MTP_NOTE_SCALE_VANISHED));
    mtp_location_scale_free(r);
}

/* No heterogeneity at all: the common effect, by hand. */
static void test_nothing_left(void **state)
{
    static const double y[] = {0.30, 0.31, 0.29, 0.305}, v[] = {0.04, 0.05, 0.03, 0.06};
    static const double z[] = {1, 0, 1, 1, 1, 2, 1, 3};
    double w = 0.0, wy = 0.0;
    mtp_location_scale_result *r = fit(4, y, v, 1, NULL, 2, z, MTP_TAU2_REML);

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        w += 1.0 / v[i];
        wy += y[i] / v[i];
        assert_true(r->tau2[i] == 0.0);
    }
    assert_int_equal(r->n_vanished, 4);
    assert_close(r->beta[0], wy / w, TOL0, 0.0);
    assert_close(r->vcov_beta[0], 1.0 / w, TOL0, 0.0);
    assert_true(r->alpha[0] == (double)-INFINITY);
    assert_close(r->alpha[1], (double)NAN, 0.0, 0.0); /* no sign is its own */
    mtp_location_scale_free(r);
}

/* Effects times c, variances times c^2: tau2 times c^2, by a power of two to the bit
 * where the columns are the same; and a shift of the effects moves the mean alone. */
static void test_scale_and_shift(void **state)
{
    const scale_case *c = &scale_cases[3];
    double y[K_MAX], v[K_MAX], far[K_MAX];
    mtp_location_scale_result *r = fit_case(c), *s, *t;

    (void)state;
    for (size_t i = 0; i < c->k; i++) {
        y[i] = ldexp(c->y[i], 200);
        v[i] = ldexp(c->v[i], 400);
        far[i] = c->y[i] + 65536.0;
    }
    s = fit(c->k, y, v, c->p, c->x, c->q, c->z, MTP_TAU2_REML);
    t = fit(c->k, far, c->v, c->p, c->x, c->q, c->z, MTP_TAU2_REML);
    for (size_t i = 0; i < c->k; i++) {
        assert_close(s->tau2[i], ldexp(r->tau2[i], 400), 1e-11, 0.0);
        assert_close(t->tau2[i], r->tau2[i], 1e-9, 0.0); /* y lost 16 bits */
    }
    assert_close(s->alpha[1], r->alpha[1], 1e-9, 0.0);
    assert_close(s->beta[1], ldexp(r->beta[1], 200), 1e-12, 0.0);
    assert_close(t->beta[0], r->beta[0] + 65536.0, TOL0, 0.0);
    mtp_location_scale_free(r);
    mtp_location_scale_free(s);
    mtp_location_scale_free(t);
}

static void assert_refused(size_t k, const double y[], const double v[], size_t p,
                           const double x[], mtp_tau2_method method, mtp_status want,
                           const char *words)
{
    mtp_location_scale_options options;
    mtp_location_scale_result *result = NULL;
    mtp_error err = {0};

    mtp_location_scale_options_init(&options, sizeof options);
    options.method = method;
    assert_int_equal(
        mtp_location_scale(k, y, v, p, x, 1, NULL, &options, &result, &err), want);
    assert_null(result);
    assert_non_null(strstr(err.message, words));
}

static void test_refusals(void **state)
{
    static const double y[] = {1, 2, 3}, v[] = {1, 1, 1}, bad[] = {1, 0, 1};
    static const double twice[] = {1, 2, 1, 2, 1, 2}, nan_x[] = {1, 1, (double)NAN};

    (void)state;
    assert_refused(3, y, v, 1, NULL, MTP_TAU2_DL, MTP_E_ARG, "REML or ML");
    assert_refused(3, y, bad, 1, NULL, MTP_TAU2_ML, MTP_E_DATA, "not positive");
    assert_refused(3, y, v, 2, twice, MTP_TAU2_ML, MTP_E_DATA, "column 2");
    assert_refused(3, y, v, 1, nan_x, MTP_TAU2_ML, MTP_E_DATA, "not finite");
    assert_refused(1, y, v, 1, NULL, MTP_TAU2_ML, MTP_E_DEGENERATE, "too few");
    assert_refused(3, y, v, 2, NULL, MTP_TAU2_ML, MTP_E_ARG, "columns");
}

/* Each allocation fails in turn: no memory, and nothing else. */
static void test_no_memory(void **state)
{
    const scale_case *c = &scale_cases[0];
    mtp_status status = MTP_E_NOMEM;

    (void)state;
    for (size_t n = 1; status == MTP_E_NOMEM; n++) {
        mtp_location_scale_result *result = NULL;

        mtp_arena_fail_after(n);
        status = mtp_location_scale(c->k, c->y, c->v, c->p, c->x, c->q, c->z, NULL,
                                    &result, NULL);
        mtp_arena_fail_after(0);
        assert_true((status == MTP_OK) == (result != NULL));
        mtp_location_scale_free(result);
    }
    assert_int_equal(status, MTP_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_optima),        cmocka_unit_test(test_criteria),
        cmocka_unit_test(test_one_variance),  cmocka_unit_test(test_vanishing_group),
        cmocka_unit_test(test_nothing_left),  cmocka_unit_test(test_scale_and_shift),
        cmocka_unit_test(test_refusals),      cmocka_unit_test(test_no_memory),
        cmocka_unit_test(test_endless_ridge),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
