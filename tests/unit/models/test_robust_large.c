/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What holds CR2 together in large clusters: the contour integral of the inverse root,
 * and that it agrees with the eigenvalues of the matrix that it never forms. */
#include "metapool/robust.h"

#include "models/robust_contour.h"
#include "support/test.h"

#include <stdlib.h>

/* sum weight / (s + node) is s^-1/2 over the whole range, however wide. */
static void test_contour(void **state)
{
    const double ratios[] = {1.0, 1.0 + 1e-9, 3.0, 1e4, 1e12, 1e24};

    (void)state;
    for (size_t r = 0; r < sizeof ratios / sizeof *ratios; r++) {
        mtp_contour contour;

        mtp_contour_make(0.25, 0.25 * ratios[r], &contour);
        for (int i = 0; i <= 20; i++) {
            double s = 0.25 * pow(ratios[r], (double)i / 20.0), sum = 0.0;

            for (size_t n = 0; n < contour.n; n++) {
                sum += contour.weight[n] / (s + contour.node[n]);
            }
            assert_close(sum, 1.0 / sqrt(s), TOL1, 0.0);
        }
    }
}

enum { CLUSTERS = 6, EACH = 60, K = CLUSTERS * EACH, P = 3 };

typedef struct large {
    double x[K * P], e[K], v[K], w[K];
    size_t cluster[K];
} large;

static double spread(size_t i, size_t step, size_t modulus)
{
    return (double)(i * step % modulus) / (double)modulus;
}

static large *make_large(void)
{
    large *of = malloc(sizeof *of);

    assert_non_null(of);
    for (size_t i = 0; i < K; i++) {
        of->cluster[i] = i / EACH;
        of->x[i * P] = 1.0;
        of->x[i * P + 1] = spread(i, 577, 1009) + (double)(i / EACH);
        of->x[i * P + 2] = i / EACH < 2 ? 1.0 : 0.0;
        of->e[i] = spread(i, 211, 997) - 0.5 + spread(i / EACH, 3, 7) - 0.4;
        of->v[i] = exp(6.0 * spread(i, 389, 1013)); /* a ratio of 400 */
        of->w[i] = 1.0 / of->v[i];
    }
    return of;
}

/* The same weights, once known to be inverse variances and once given: two ways to the
 * same figures. Eigenvalues are right to the rounding of the largest, here 2e5 times
 * the smallest. */
static void test_two_ways(void **state)
{
    large *of = make_large();
    mtp_robust_model model;
    mtp_robust_result *contour = NULL, *eigen = NULL;

    (void)state;
    mtp_robust_model_init(&model, sizeof model);
    model.k = K;
    model.p = P;
    model.x = of->x;
    model.residual = of->e;
    model.variance = of->v;
    model.clusters = CLUSTERS;
    model.cluster = of->cluster;
    assert_int_equal(mtp_robust(&model, MTP_ROBUST_CR2, &contour, NULL), MTP_OK);
    model.weight = of->w;
    assert_int_equal(mtp_robust(&model, MTP_ROBUST_CR2, &eigen, NULL), MTP_OK);
    for (size_t i = 0; i < P * P; i++) {
        assert_close(contour->vcov[i], eigen->vcov[i], 2e-11, 0.0);
    }
    for (size_t a = 0; a < P; a++) {
        assert_close(contour->df[a], eigen->df[a], 2e-11, 0.0);
    }
    mtp_robust_free(contour);
    mtp_robust_free(eigen);
    free(of);
}

/* Blocks of one effect each are working variances. */
static size_t single(const void *context, size_t block, size_t row[], double v[])
{
    const large *of = context;

    if (row) {
        row[0] = block;
    }
    if (v) {
        v[0] = of->v[block];
    }
    return 1;
}

static void test_blocks_of_one(void **state)
{
    large *of = make_large();
    mtp_robust_model model;
    mtp_robust_result *plain = NULL, *blocks = NULL;

    (void)state;
    mtp_robust_model_init(&model, sizeof model);
    model.k = K;
    model.p = P;
    model.x = of->x;
    model.residual = of->e;
    model.variance = of->v;
    model.clusters = CLUSTERS;
    model.cluster = of->cluster;
    assert_int_equal(mtp_robust(&model, MTP_ROBUST_CR2, &plain, NULL), MTP_OK);
    model.variance = NULL;
    model.block = single;
    model.n_blocks = K;
    model.context = of;
    assert_int_equal(mtp_robust(&model, MTP_ROBUST_CR2, &blocks, NULL), MTP_OK);
    for (size_t i = 0; i < P * P; i++) {
        assert_close(plain->vcov[i], blocks->vcov[i], 1e-13, 0.0);
    }
    mtp_robust_free(plain);
    mtp_robust_free(blocks);
    free(of);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_contour),
        cmocka_unit_test(test_two_ways),
        cmocka_unit_test(test_blocks_of_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
