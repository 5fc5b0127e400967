/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cluster-robust variances against their definitions in 50-digit arithmetic. */
#include "metapool/robust.h"

#include "core/arena.h"
#include "support/test.h"

enum { K_MAX = 18, P_MAX = 4 };

typedef struct robust_case {
    const char *name;
    size_t p, q, singular;
    double x[K_MAX * P_MAX], residual[K_MAX], beta[P_MAX];
    double cr0[P_MAX * P_MAX], cr1[P_MAX * P_MAX], cr2[P_MAX * P_MAX];
    double df[P_MAX], f, df2;
} robust_case;

#include "robust_reference.h"

static const double TOL = 4e-15;

/* The working covariance of the nested cases: pairs within clusters. */
static double covariance(size_t i, size_t j)
{
    double shared = reference_cluster[i] == reference_cluster[j]
                        ? 3.0 / 16.0 + (i / 2 == j / 2 ? 1.0 / 8.0 : 0.0)
                        : 0.0;

    return shared + (i == j ? reference_v[i] : 0.0);
}

static size_t block_of(const void *context, size_t block, size_t row[], double v[])
{
    size_t n = 0, rows[K_MAX];

    (void)context;
    for (size_t i = 0; i < REFERENCE_K; i++) {
        if (reference_cluster[i] == block) {
            rows[n++] = i;
        }
    }
    for (size_t i = 0; i < n && row; i++) {
        row[i] = rows[i];
    }
    for (size_t i = 0; i < n * n && v; i++) {
        v[i] = covariance(rows[i / n], rows[i % n]);
    }
    return n;
}

static mtp_robust_model model_of(const robust_case *of)
{
    mtp_robust_model model;
    bool alike = strcmp(of->name, "alike in a cluster") == 0;
    static double alike_v[REFERENCE_K];

    mtp_robust_model_init(&model, sizeof model);
    model.k = REFERENCE_K;
    model.p = of->p;
    model.x = of->x;
    model.residual = of->residual;
    model.clusters = REFERENCE_M;
    model.cluster = reference_cluster;
    for (size_t i = 0; i < REFERENCE_K; i++) {
        alike_v[i] = (double)(1 + reference_cluster[i]) / 16.0;
    }
    if (strncmp(of->name, "nested", 6) == 0) {
        model.n_blocks = REFERENCE_M;
        model.block = block_of;
    } else {
        model.variance = alike ? alike_v : reference_v;
    }
    model.weight = strncmp(of->name, "weighted", 8) == 0 ? reference_weight : NULL;
    return model;
}

static void check_vcov(const mtp_robust_model *model, mtp_robust_type type,
                       const double want[])
{
    mtp_robust_result *result = NULL;
    double largest = 0.0;

    assert_int_equal(mtp_robust(model, type, &result, NULL), MTP_OK);
    for (size_t i = 0; i < model->p * model->p; i++) {
        largest = fmax(largest, fabs(want[i]));
    }
    for (size_t i = 0; i < model->p * model->p; i++) {
        assert_close(result->vcov[i], want[i], 5.0 * TOL, TOL * largest);
    }
    for (size_t a = 0; a < model->p && type != MTP_ROBUST_CR2; a++) {
        assert_close(result->df[a], (double)(REFERENCE_M - model->p), 0.0, 0.0);
    }
    mtp_robust_free(result);
}

static void test_vcov(void **state)
{
    (void)state;
    for (size_t c = 0; c < sizeof robust_cases / sizeof *robust_cases; c++) {
        const robust_case *of = &robust_cases[c];
        mtp_robust_model model = model_of(of);

        print_message("%s\n", of->name);
        check_vcov(&model, MTP_ROBUST_CR0, of->cr0);
        check_vcov(&model, MTP_ROBUST_CR1, of->cr1);
        check_vcov(&model, MTP_ROBUST_CR2, of->cr2);
    }
}

static void test_degrees_of_freedom(void **state)
{
    (void)state;
    for (size_t c = 0; c < sizeof robust_cases / sizeof *robust_cases; c++) {
        const robust_case *of = &robust_cases[c];
        mtp_robust_model model = model_of(of);
        mtp_robust_result *result = NULL;

        assert_int_equal(mtp_robust(&model, MTP_ROBUST_CR2, &result, NULL), MTP_OK);
        assert_int_equal(result->singular, of->singular);
        for (size_t a = 0; a < of->p; a++) {
            assert_close(result->df[a], of->df[a], 5.0 * TOL, 0.0);
        }
        mtp_robust_free(result);
    }
}

/* The last q coefficients; q = 1 is Satterthwaite's t squared. */
static void test_hotelling(void **state)
{
    double l[P_MAX * P_MAX];

    (void)state;
    for (size_t c = 0; c < sizeof robust_cases / sizeof *robust_cases; c++) {
        const robust_case *of = &robust_cases[c];
        mtp_robust_model model = model_of(of);
        mtp_robust_result *result = NULL;
        mtp_robust_test test;

        if (of->q == 0) {
            continue;
        }
        memset(l, 0, sizeof l);
        for (size_t s = 0; s < of->q; s++) {
            l[s * of->p + of->p - of->q + s] = 1.0;
        }
        assert_int_equal(mtp_robust(&model, MTP_ROBUST_CR2, &result, NULL), MTP_OK);
        assert_int_equal(
            mtp_robust_wald(result, of->q, l, of->beta + of->p - of->q, &test, NULL),
            MTP_OK);
        assert_close(test.statistic, of->f, 20.0 * TOL, 0.0);
        assert_close(test.df1, (double)of->q, 0.0, 0.0);
        assert_close(test.df2, of->df2, 20.0 * TOL, 0.0);
        mtp_robust_free(result);
    }
}

/* Any combination: with new columns X C its coefficients are C^-1 beta. Here the second
 * coefficient of (1, x - 2), and of a mean at x = 2, two ways. */
static void test_combination(void **state)
{
    const robust_case *of = &robust_cases[1];
    mtp_robust_model model = model_of(of);
    mtp_robust_result *plain = NULL, *shifted = NULL;
    double x[2 * K_MAX], l[] = {1.0, 2.0}, variance, df;

    (void)state;
    memcpy(x, of->x, sizeof x);
    for (size_t i = 0; i < REFERENCE_K; i++) {
        x[2 * i + 1] -= 2.0;
    }
    assert_int_equal(mtp_robust(&model, MTP_ROBUST_CR2, &plain, NULL), MTP_OK);
    model.x = x;
    assert_int_equal(mtp_robust(&model, MTP_ROBUST_CR2, &shifted, NULL), MTP_OK);
    assert_int_equal(mtp_robust_combination(plain, l, &variance, &df, NULL), MTP_OK);
    assert_close(variance, shifted->vcov[0], TOL, 0.0);
    assert_close(df, shifted->df[0], TOL, 0.0);
    assert_close(plain->vcov[3], shifted->vcov[3], TOL, 0.0);
    mtp_robust_free(plain);
    mtp_robust_free(shifted);
}

/* Columns far from 0 (years of a century, uncentred) change nothing but the intercept:
 * the slope's variance and its degrees of freedom keep their digits. */
static void test_columns_far_away(void **state)
{
    const robust_case *of = &robust_cases[1];
    mtp_robust_model model = model_of(of);
    mtp_robust_result *result = NULL;
    double x[2 * K_MAX];

    (void)state;
    memcpy(x, of->x, sizeof x);
    for (size_t i = 0; i < REFERENCE_K; i++) {
        x[2 * i + 1] += 1048576.0; /* exact */
    }
    model.x = x;
    assert_int_equal(mtp_robust(&model, MTP_ROBUST_CR2, &result, NULL), MTP_OK);
    assert_close(result->vcov[3], of->cr2[3], TOL, 0.0);
    assert_close(result->df[1], of->df[1], TOL, 0.0);
    mtp_robust_free(result);
}

/* A change of unit by a power of two changes no bit, even where squares of variances
 * would leave the range of a double. */
static void test_unit(void **state)
{
    const robust_case *of = &robust_cases[1];
    mtp_robust_model model = model_of(of);
    mtp_robust_result *plain = NULL, *scaled = NULL;
    double e[K_MAX], v[K_MAX];

    (void)state;
    assert_int_equal(mtp_robust(&model, MTP_ROBUST_CR2, &plain, NULL), MTP_OK);
    for (size_t i = 0; i < REFERENCE_K; i++) {
        e[i] = ldexp(of->residual[i], -300);
        v[i] = ldexp(reference_v[i], -600);
    }
    model.residual = e;
    model.variance = v;
    assert_int_equal(mtp_robust(&model, MTP_ROBUST_CR2, &scaled, NULL), MTP_OK);
    for (size_t i = 0; i < 4; i++) {
        assert_true(ldexp(scaled->vcov[i], 600) == plain->vcov[i]);
    }
    assert_true(scaled->df[1] == plain->df[1]);
    mtp_robust_free(plain);
    mtp_robust_free(scaled);
}

/* The order of the effects changes no bit. */
static void test_order(void **state)
{
    const robust_case *of = &robust_cases[2];
    mtp_robust_model model = model_of(of);
    mtp_robust_result *plain = NULL, *turned = NULL;
    double x[K_MAX * P_MAX], e[K_MAX], v[K_MAX];
    size_t cluster[K_MAX];

    (void)state;
    for (size_t i = 0; i < REFERENCE_K; i++) {
        size_t from = (i * 5 + 3) % REFERENCE_K;

        memcpy(&x[i * of->p], &of->x[from * of->p], of->p * sizeof *x);
        e[i] = of->residual[from];
        v[i] = reference_v[from];
        cluster[i] = reference_cluster[from];
    }
    assert_int_equal(mtp_robust(&model, MTP_ROBUST_CR2, &plain, NULL), MTP_OK);
    model.x = x;
    model.residual = e;
    model.variance = v;
    model.cluster = cluster;
    assert_int_equal(mtp_robust(&model, MTP_ROBUST_CR2, &turned, NULL), MTP_OK);
    assert_memory_equal(plain->vcov, turned->vcov, of->p * of->p * sizeof *plain->vcov);
    assert_memory_equal(plain->df, turned->df, of->p * sizeof *plain->df);
    mtp_robust_free(plain);
    mtp_robust_free(turned);
}

static void assert_refused(const mtp_robust_model *model, mtp_status want,
                           const char *words)
{
    mtp_robust_result *result = NULL;
    mtp_error err = {0};

    assert_int_equal(mtp_robust(model, MTP_ROBUST_CR2, &result, &err), want);
    assert_null(result);
    assert_non_null(strstr(err.message, words));
}

static void test_refusals(void **state)
{
    const robust_case *of = &robust_cases[1];
    const mtp_robust_model good = model_of(of);
    mtp_robust_model bad = good;
    double v[K_MAX], x[2 * K_MAX];
    size_t cluster[K_MAX];

    (void)state;
    bad.clusters = 2;
    assert_refused(&bad, MTP_E_DEGENERATE, "more than 2 clusters; there are 2");
    bad = good;
    bad.clusters = REFERENCE_M + 1;
    assert_refused(&bad, MTP_E_ARG, "cluster 9 has no effects");
    bad = good;
    memcpy(cluster, reference_cluster, sizeof cluster);
    cluster[3] = 99;
    bad.cluster = cluster;
    assert_refused(&bad, MTP_E_ARG, "effect 4 has no cluster");
    bad = good;
    memcpy(v, reference_v, sizeof v);
    v[4] = 0.0;
    bad.variance = v;
    assert_refused(&bad, MTP_E_DATA, "not positive");
    bad = good;
    for (size_t i = 0; i < 2 * K_MAX; i++) {
        x[i] = 3.0;
    }
    bad.x = x;
    assert_refused(&bad, MTP_E_DATA, "column 2");
    bad = good;
    bad.size = 0;
    assert_refused(&bad, MTP_E_ARG, "no size");
    bad = model_of(&robust_cases[6]); /* a working model that crosses clusters */
    assert_non_null(bad.block);
    cluster[3] = 3;
    bad.cluster = cluster;
    assert_refused(&bad, MTP_E_ARG, "in two clusters");
}

static void test_ids(void **state)
{
    (void)state;
    assert_int_equal(mtp_robust_from_id("CR2"), MTP_ROBUST_CR2);
    assert_int_equal(mtp_robust_from_id("cr3"), -1);
    assert_string_equal(mtp_robust_id(MTP_ROBUST_CR1), "cr1");
}

/* Two means that single studies tell have no robust variance, and their differences
 * from a third one and the same: there is no test, however the pivot is rounded. */
static void test_singular_differences(void **state)
{
    static const double x[] = {1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1};
    static const double l[] = {-1, 1, 0, -1, 0, 1}, estimate[] = {0.2, 0.5};
    static const size_t cluster[] = {0, 1, 2, 3};

    (void)state;
    for (int i = 1; i < 40; i++) {
        double residual[] = {0.013 * i, -0.013 * i, 0.0, 0.0};
        double variance[] = {0.05, 0.05, 0.07, 0.3};
        mtp_robust_result *result = NULL;
        mtp_robust_model model;
        mtp_robust_test test;

        mtp_robust_model_init(&model, sizeof model);
        model.k = model.clusters = 4;
        model.p = 3;
        model.x = x;
        model.residual = residual;
        model.variance = variance;
        model.cluster = cluster;
        assert_int_equal(mtp_robust(&model, MTP_ROBUST_CR0, &result, NULL), MTP_OK);
        assert_int_equal(mtp_robust_wald(result, 2, l, estimate, &test, NULL), MTP_OK);
        assert_true(isnan(test.statistic));
        mtp_robust_free(result);
    }
}

/* Each allocation fails in turn: no memory, and nothing else. */
static void test_no_memory(void **state)
{
    static const size_t cases[] = {2, 7, 9}; /* variances, blocks, weights */
    double l[P_MAX * P_MAX] = {1.0};

    (void)state;
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        mtp_robust_model model = model_of(&robust_cases[cases[c]]);
        mtp_status status = MTP_E_NOMEM;

        for (size_t n = 1; status == MTP_E_NOMEM; n++) {
            mtp_robust_result *result = NULL;
            mtp_robust_test test;
            double v, df;

            mtp_arena_fail_after(n);
            status = mtp_robust(&model, MTP_ROBUST_CR2, &result, NULL);
            if (status == MTP_OK) {
                status = mtp_robust_combination(result, l, &v, &df, NULL);
            }
            if (status == MTP_OK) {
                status = mtp_robust_wald(result, 1, l, l, &test, NULL);
            }
            mtp_arena_fail_after(0);
            mtp_robust_free(result);
        }
        assert_int_equal(status, MTP_OK);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_vcov),
        cmocka_unit_test(test_degrees_of_freedom),
        cmocka_unit_test(test_hotelling),
        cmocka_unit_test(test_combination),
        cmocka_unit_test(test_columns_far_away),
        cmocka_unit_test(test_unit),
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_ids),
        cmocka_unit_test(test_singular_differences),
        cmocka_unit_test(test_no_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
