/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "multilevel_data.h"

/* The inverse of a symmetric positive definite matrix by Gauss and Jordan. */
static void invert(size_t n, double m[])
{
    for (size_t c = 0; c < n; c++) {
        double pivot = m[c * n + c];

        m[c * n + c] = 1.0;
        for (size_t j = 0; j < n; j++) {
            m[c * n + j] /= pivot;
        }
        for (size_t i = 0; i < n; i++) {
            double by = m[i * n + c];

            if (i != c) {
                m[i * n + c] = 0.0;
                for (size_t j = 0; j < n; j++) {
                    m[i * n + j] -= by * m[c * n + j];
                }
            }
        }
    }
}

/* V, W, C and P of the definition, by dense matrices. */
typedef struct dense {
    double v[K * K], w[K * K], c[P * P], proj[K * K];
} dense;

static void dense_make(const mtp_multilevel_result *r, size_t p, const double x[],
                       dense *d)
{
    double wx[K * P] = {0}, xwx[P * P] = {0};

    for (size_t cell = 0; cell < K * K; cell++) {
        size_t i = cell / K, j = cell % K;
        bool same = true;

        d->v[cell] = i == j ? VI[i] : 0.0;
        for (size_t l = 0; l < r->n_levels; l++) {
            same = same && LEVELS[l].group[i] == LEVELS[l].group[j];
            d->v[cell] += same ? r->levels[l].sigma2 : 0.0;
        }
    }
    memcpy(d->w, d->v, sizeof d->w);
    invert(K, d->w);
    for (size_t i = 0; i < K; i++) {
        for (size_t a = 0; a < p; a++) {
            for (size_t j = 0; j < K; j++) {
                wx[i * P + a] += d->w[i * K + j] * x[j * p + a];
            }
        }
    }
    for (size_t i = 0; i < K; i++) {
        for (size_t cell = 0; cell < p * p; cell++) {
            xwx[cell] += x[i * p + cell / p] * wx[i * P + cell % p];
        }
    }
    invert(p, xwx);
    memcpy(d->c, xwx, sizeof d->c);
    for (size_t cell = 0; cell < K * K; cell++) {
        d->proj[cell] = d->w[cell];
        for (size_t ab = 0; ab < p * p; ab++) {
            d->proj[cell] -=
                wx[cell / K * P + ab / p] * d->c[ab] * wx[cell % K * P + ab % p];
        }
    }
}

static void check_groups(const mtp_multilevel_result *r, const dense *d)
{
    for (size_t l = 0; l < r->n_levels; l++) {
        const mtp_level_effects *e = &r->levels[l].effects;
        double s = r->levels[l].sigma2;

        for (size_t g = 0; g < e->n_groups; g++) {
            double sum = 0.0, square = 0.0;

            for (size_t i = 0; i < K; i++) {
                for (size_t j = 0; j < K && e->group[i] == g; j++) {
                    sum += d->proj[i * K + j] * YI[j];
                    square += e->group[j] == g ? d->proj[i * K + j] : 0.0;
                }
            }
            assert_close(e->estimate[g], s * sum, 1e-10, 1e-13);
            assert_close(e->se[g], sqrt(s - s * s * square), 1e-10, 1e-13);
            assert_int_equal(e->group[e->first[g]], g);
        }
    }
}

static void figures_are_those_of_dense_matrices(void **state)
{
    (void)state;
    for (int method = 0; method < 2; method++) {
        mtp_multilevel_options options;
        mtp_multilevel_result *r;
        dense d;

        mtp_multilevel_options_init(&options, sizeof options);
        options.method = method ? MTP_TAU2_ML : MTP_TAU2_REML;
        r = fit(P, matrix, 3, &options);
        dense_make(r, P, matrix, &d);
        check_groups(r, &d);
        for (size_t i = 0; i < P * P; i++) {
            assert_close(r->vcov[i], d.c[i], 1e-10, 1e-13);
        }
        for (size_t i = 0; i < K; i++) {
            double error = 0.0;

            for (size_t j = 0; j < K; j++) {
                error += VI[i] * d.proj[i * K + j] * YI[j];
            }
            assert_close(r->blup[i], YI[i] - error, 1e-10, 1e-13);
            assert_close(r->blup_se[i], sqrt(VI[i] - VI[i] * VI[i] * d.proj[i * K + i]),
                         1e-10, 0.0);
        }
        mtp_multilevel_free(r);
    }
}

static void blocks_are_the_marginal_covariance(void **state)
{
    mtp_multilevel_result *r = fit(1, NULL, 3, NULL);
    size_t row[K], seen = 0;
    double v[K * K];
    dense d;
    double ones[K];

    (void)state;
    for (size_t i = 0; i < K; i++) {
        ones[i] = 1.0;
    }
    dense_make(r, 1, ones, &d);
    for (size_t g = 0; g < r->levels[0].effects.n_groups; g++) {
        size_t n = mtp_multilevel_block(r, g, NULL, NULL);

        assert_int_equal(mtp_multilevel_block(r, g, row, v), n);
        for (size_t cell = 0; cell < n * n; cell++) {
            assert_close(v[cell], d.v[row[cell / n] * K + row[cell % n]], 1e-14, 0.0);
        }
        seen += n;
    }
    assert_int_equal(seen, K);
    mtp_multilevel_free(r);
}

/* One level of single effects is the random-effects model. */
static void single_effects_are_the_random_effects_model(void **state)
{
    size_t each[K];
    mtp_level level = {"effect", each};

    (void)state;
    for (size_t i = 0; i < K; i++) {
        each[i] = i;
    }
    for (int method = 0; method < 2; method++) {
        mtp_multilevel_options options;
        mtp_multilevel_result *r = NULL;
        mtp_tau2_result tau2;
        mtp_tau2_bounds bounds;

        mtp_multilevel_options_init(&options, sizeof options);
        options.method = method ? MTP_TAU2_ML : MTP_TAU2_REML;
        assert_int_equal(
            mtp_multilevel(K, YI, VI, 1, NULL, 1, &level, &options, &r, NULL), MTP_OK);
        assert_int_equal(mtp_tau2_estimate(options.method, K, YI, VI, &tau2, NULL),
                         MTP_OK);
        assert_int_equal(mtp_tau2_confidence(MTP_TAU2_CI_PL, options.method, K, YI, VI,
                                             0.95, &bounds, NULL),
                         MTP_OK);
        assert_close(r->tau2, tau2.tau2, 1e-13, 0.0);
        assert_close(method ? r->ml.loglik : r->reml.loglik, tau2.loglik, 1e-13, 0.0);
        assert_close(r->levels[0].ci[0], bounds.lower, 1e-11, 0.0);
        assert_close(r->levels[0].ci[1], bounds.upper, 1e-11, 0.0);
        mtp_multilevel_free(r);
    }
}

/* Local maxima by REML from mpmath at 50 digits, as in unit.tau2_modes. */
static void every_maximum_is_found(void **state)
{
    static const double yi[] = {0.03, -1.51, 0.38, 0.34, 0.1, -1.61};
    static const double vi[] = {0.0016, 0.421, 0.9147, 3.6534, 0.0236, 0.3829};
    static const size_t each[] = {0, 1, 2, 3, 4, 5};
    const mtp_level level = {NULL, each};
    mtp_multilevel_result *r = NULL;

    (void)state;
    assert_int_equal(mtp_multilevel(6, yi, vi, 1, NULL, 1, &level, NULL, &r, NULL), 0);
    assert_int_equal(r->n_modes, 2);
    assert_close(r->modes[0].sigma2[0], 0.4645547491401495739041, 1e-12, 0.0);
    assert_close(r->modes[0].loglik, -6.989971771652780310485, 1e-13, 0.0);
    assert_true(r->modes[1].sigma2[0] == 0.0);
    assert_close(r->modes[1].loglik, -8.051413303752139728959, 1e-13, 0.0);
    assert_string_equal(r->levels[0].name, "level 1");
    assert_int_equal(r->notes.item[0].code, MTP_NOTE_MULTIPLE_MODES);
    mtp_multilevel_free(r);
}

/* Effects with outliers and variances over four decades in random groups, on which one
 * start is not enough: no variances tried at random have a higher likelihood. */
static double loglik(size_t k, const double yi[], const double vi[],
                     const mtp_level levels[], const double given[],
                     mtp_multilevel_result **keep)
{
    mtp_multilevel_options options;
    mtp_multilevel_result *r = NULL;
    double found;

    mtp_multilevel_options_init(&options, sizeof options);
    options.sigma2 = given;
    options.intervals = false;
    assert_int_equal(mtp_multilevel(k, yi, vi, 1, NULL, 3, levels, &options, &r, NULL),
                     MTP_OK);
    found = r->reml.loglik;
    if (keep) {
        *keep = r;
    } else {
        mtp_multilevel_free(r);
    }
    return found;
}

static void no_other_variances_are_likelier(void **state)
{
    enum { SETS = 150, EFFECTS = 20, POINTS = 40 };

    (void)state;
    for (uint64_t set = 0; set < SETS; set++) {
        mtp_random draw = mtp_random_start(7, set);
        double yi[EFFECTS], vi[EFFECTS], best;
        size_t group[3][EFFECTS];
        const mtp_level levels[] = {{"a", group[0]}, {"b", group[1]}, {"c", group[2]}};
        mtp_multilevel_result *r = NULL;

        for (size_t i = 0; i < EFFECTS; i++) {
            vi[i] = pow(10.0, -4.0 * mtp_random_uniform(&draw));
            yi[i] = 4.0 * sqrt(vi[i]) * (mtp_random_uniform(&draw) - 0.5) +
                    (mtp_random_uniform(&draw) < 0.15 ? 5.0 : 0.0);
            group[0][i] = (size_t)(5.0 * mtp_random_uniform(&draw));
            group[1][i] = (size_t)(3.0 * mtp_random_uniform(&draw));
            group[2][i] = i;
        }
        best = loglik(EFFECTS, yi, vi, levels, NULL, &r);
        for (size_t point = 0; point < POINTS; point++) {
            double given[3];

            for (size_t l = 0; l < 3; l++) {
                given[l] = mtp_random_uniform(&draw) < 0.3
                               ? 0.0
                               : pow(10.0, 6.0 * mtp_random_uniform(&draw) - 4.0);
            }
            assert_true(loglik(EFFECTS, yi, vi, levels, given, NULL) <= best + 1e-9);
        }
        mtp_multilevel_free(r);
    }
}

static void order_and_unit_change_no_digit(void **state)
{
    double yi[K], vi[K], x[K * P];
    size_t group[3][K];
    const mtp_level levels[] = {
        {"country", group[0]}, {"study", group[1]}, {"effect", group[2]}};
    mtp_multilevel_result *r = fit(P, matrix, 3, NULL), *other = NULL;

    (void)state;
    for (size_t i = 0; i < K; i++) {
        size_t from = (5 * i + 3) % K;

        yi[i] = ldexp(YI[from], 40);
        vi[i] = ldexp(VI[from], 80);
        memcpy(x + i * P, matrix + from * P, P * sizeof *x);
        for (size_t l = 0; l < 3; l++) {
            group[l][i] = LEVELS[l].group[from];
        }
    }
    assert_int_equal(mtp_multilevel(K, yi, vi, P, x, 3, levels, NULL, &other, NULL),
                     MTP_OK);
    for (size_t l = 0; l < 3; l++) {
        assert_true(other->levels[l].sigma2 == ldexp(r->levels[l].sigma2, 80));
        assert_true(other->levels[l].ci[1] == ldexp(r->levels[l].ci[1], 80));
    }
    for (size_t j = 0; j < P; j++) {
        assert_true(other->beta[j] == ldexp(r->beta[j], 40));
    }
    assert_close(other->reml.loglik, r->reml.loglik - (K - P) * 40 * log(2.0), 1e-14,
                 0.0);
    mtp_multilevel_free(other);
    mtp_multilevel_free(r);
}

static void groups_are_named_by_their_path(void **state)
{
    mtp_multilevel_result *r = fit(1, NULL, 3, NULL);
    static const double held[] = {3.0, 6.0, 12.0};

    (void)state;
    for (size_t l = 0; l < 3; l++) {
        assert_close((double)r->levels[l].effects.n_groups, held[l], 0.0, 0.0);
    }
    mtp_multilevel_free(r);
}

static void given_variances_are_kept(void **state)
{
    const double given[] = {0.04, (double)NAN, 0.0};
    mtp_multilevel_options options;
    mtp_multilevel_result *r;

    (void)state;
    mtp_multilevel_options_init(&options, sizeof options);
    options.sigma2 = given;
    r = fit(1, NULL, 3, &options);
    assert_true(r->levels[0].sigma2 == 0.04 && r->levels[0].given);
    assert_true(r->levels[2].sigma2 == 0.0 && r->levels[2].given);
    assert_false(r->levels[1].given);
    assert_int_equal(r->levels[0].ci_status, MTP_SET_UNDEFINED);
    assert_int_equal(r->levels[1].ci_status, MTP_SET_OK);
    assert_int_equal(r->n_estimated, 1);
    mtp_multilevel_free(r);
}

/* One group, or columns that tell all groups apart, leave nothing to estimate. */
static void confounded_levels_are_zero_and_named(void **state)
{
    static const size_t all[K] = {0};
    static const size_t effect[K] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
    const mtp_level single[] = {{"lab", all}, {"effect", effect}};
    const mtp_level told[] = {{"country", COUNTRY}, {"effect", effect}};
    mtp_multilevel_result *r = NULL;
    double x[K * P];

    (void)state;
    assert_int_equal(mtp_multilevel(K, YI, VI, 1, NULL, 2, single, NULL, &r, NULL), 0);
    assert_true(r->levels[0].confounded && r->levels[0].sigma2 == 0.0);
    assert_false(r->levels[1].confounded);
    assert_int_equal(r->notes.item[0].code, MTP_NOTE_LEVEL_CONFOUNDED);
    mtp_multilevel_free(r);
    for (size_t i = 0; i < K; i++) {
        x[i * P] = 1.0;
        x[i * P + 1] = COUNTRY[i] == 2 ? 1.0 : 0.0;
        x[i * P + 2] = COUNTRY[i] == 5 ? 1.0 : 0.0;
    }
    assert_int_equal(mtp_multilevel(K, YI, VI, P, x, 2, told, NULL, &r, NULL), 0);
    assert_true(r->levels[0].confounded && r->levels[0].sigma2 == 0.0);
    assert_non_null(strstr(r->notes.item[0].text, "3 groups of country"));
    mtp_multilevel_free(r);
}

static void effects_that_share_all_groups_are_noted(void **state)
{
    mtp_multilevel_result *r = fit(1, NULL, 2, NULL);
    bool noted = false;

    (void)state;
    for (size_t i = 0; i < r->notes.count; i++) {
        noted = noted || r->notes.item[i].code == MTP_NOTE_NO_EFFECT_LEVEL;
    }
    assert_true(noted);
    mtp_multilevel_free(r);
}

static void check_refused(mtp_status want, const char *words, size_t k, size_t p,
                          const double x[], size_t n_levels, const mtp_level levels[],
                          const mtp_multilevel_options *options)
{
    mtp_multilevel_result *r = NULL;
    mtp_error err = {0};

    assert_int_equal(
        mtp_multilevel(k, YI, VI, p, x, n_levels, levels, options, &r, &err), want);
    assert_null(r);
    assert_non_null(strstr(err.message, words));
}

static void what_has_no_answer_is_refused(void **state)
{
    const mtp_level twice[] = {{"a", COUNTRY}, {"b", COUNTRY}};
    const double negative[] = {-1.0, 0.0, 0.0};
    double x[K * P];
    mtp_multilevel_options options;

    (void)state;
    check_refused(MTP_E_DATA, "same groups", K, 1, NULL, 2, twice, NULL);
    check_refused(MTP_E_DATA, "there are 3 for 3", 3, 3, matrix, 1, LEVELS, NULL);
    check_refused(MTP_E_ARG, "1 to 6 nested levels", K, 1, NULL, 0, LEVELS, NULL);
    memcpy(x, matrix, sizeof x);
    for (size_t i = 0; i < K; i++) {
        x[i * P + 2] = 3.0 - 2.0 * x[i * P + 1];
    }
    check_refused(MTP_E_DATA, "moderator 3 is a combination", K, P, x, 3, LEVELS, NULL);
    x[5] = (double)INFINITY;
    check_refused(MTP_E_DATA, "moderator 3 is not finite", K, P, x, 3, LEVELS, NULL);
    mtp_multilevel_options_init(&options, sizeof options);
    options.method = MTP_TAU2_DL;
    check_refused(MTP_E_ARG, "REML or ML", K, 1, NULL, 3, LEVELS, &options);
    mtp_multilevel_options_init(&options, sizeof options);
    options.sigma2 = negative;
    check_refused(MTP_E_ARG, "level 1", K, 1, NULL, 3, LEVELS, &options);
    options.size = 0;
    check_refused(MTP_E_ARG, "no size", K, 1, NULL, 3, LEVELS, &options);
}

static void columns_far_from_orthogonal_are_answered(void **state)
{
    mtp_multilevel_result *r, *plain;
    double x[K * P], near[K * P];

    (void)state;
    /* The same moderators shifted and mixed: b1 x1 + b2 x2 = b1 (u - 1e6) + ... */
    memcpy(x, matrix, sizeof x);
    memcpy(near, matrix, sizeof near);
    for (size_t i = 0; i < K; i++) {
        near[i * P + 1] = x[i * P + 1] * 1024.0 + 1048576.0;
        near[i * P + 2] = near[i * P + 1] + x[i * P + 2];
    }
    plain = fit(P, x, 3, NULL);
    r = fit(P, near, 3, NULL);
    assert_close(r->beta[2], plain->beta[2], 1e-9, 0.0);
    assert_close(r->beta[1], plain->beta[1] / 1024.0 - plain->beta[2], 1e-9, 0.0);
    assert_close(r->tau2, plain->tau2, 1e-9, 0.0);
    assert_close(r->reml.loglik, plain->reml.loglik, 1e-10, 0.0);
    mtp_multilevel_free(r);
    mtp_multilevel_free(plain);
}

static void memory_may_end_anywhere(void **state)
{
    mtp_status status = MTP_E_NOMEM;

    (void)state;
    for (size_t n = 1; status != MTP_OK; n++) {
        mtp_multilevel_result *r = NULL;

        mtp_arena_fail_after(n);
        status = mtp_multilevel(K, YI, VI, P, matrix, 3, LEVELS, NULL, &r, NULL);
        mtp_arena_fail_after(0);
        assert_true(status == MTP_OK || (status == MTP_E_NOMEM && !r));
        mtp_multilevel_free(r);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(figures_are_those_of_dense_matrices),
        cmocka_unit_test(blocks_are_the_marginal_covariance),
        cmocka_unit_test(single_effects_are_the_random_effects_model),
        cmocka_unit_test(every_maximum_is_found),
        cmocka_unit_test(no_other_variances_are_likelier),
        cmocka_unit_test(order_and_unit_change_no_digit),
        cmocka_unit_test(groups_are_named_by_their_path),
        cmocka_unit_test(given_variances_are_kept),
        cmocka_unit_test(confounded_levels_are_zero_and_named),
        cmocka_unit_test(effects_that_share_all_groups_are_noted),
        cmocka_unit_test(what_has_no_answer_is_refused),
        cmocka_unit_test(columns_far_from_orthogonal_are_answered),
        cmocka_unit_test(memory_may_end_anywhere),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
