/* SPDX-License-Identifier: GPL-3.0-or-later */
/* T = A W X of moderators that are powers of ten apart: A_g by the eigenvectors of
 * Phi_g^{1/2} C_gg Phi_g^{1/2}, C formed in full, in mpmath with 50 digits from the
 * decimals. T of the orthonormal columns, times R, has 6 digits fewer of some.
 */
#include "models/robust_order.h"
#include "models/robust_root.h"
#include "support/test.h"

enum { K = 7, P = 2, CLUSTERS = 4 };

static const double x[K * P] = {1,    1.0, 1,   1e-7, 1,    1e-9, 1,
                                1e-7, 1,   0.5, 1,    1e-9, 1,    2e-7};
static const double variance[K] = {0.1905, 0.1, 0.1, 0.1885, 0.12, 0.0802, 0.0886};
static const double weight[K] = {0.5, 0.25, 0.75, 0.125, 0.5, 0.875, 0.375};
static const double residual[K] = {0};
static const size_t cluster[K] = {0, 1, 1, 2, 3, 3, 3};

/* Rows of T of the model's own weights, and of those above. */
static const double by_variance[K * P] = {
    9.9967723218954900758,   9.9967723218954900758,    12.863211938123645643,
    1.144592193866416556e-6, 12.863212302116764697,    1.5459221224806471563e-7,
    5.6074204919830923733,   5.6074204919830921195e-7, 11.830230322211858358,
    5.0410748230720723173,   17.860816670421834003,    0.31453208951415824698,
    16.375232392603604194,   0.29786081088974635514};
static const double by_weight[K * P] = {
    1.3637824069701789307,    1.3637824069701789307,    0.33615123511053337951,
    2.5007803910058414752e-8, 0.9886364574815702526,    3.8577429911465442068e-9,
    0.12343953224133818958,   1.2343953224133818399e-8, 0.67705919521409640032,
    0.27450622411347173978,   1.3303817916334619206,    0.030360581857597976903,
    0.58126012161158918686,   0.014523259679955170536};

/* Inverse variances have the frame's unit; weights of at most 1 have none. */
static void check(const double w[], const double expected[])
{
    mtp_arena *arena = mtp_arena_new();
    mtp_robust_order order;
    mtp_robust_frame frame;
    mtp_robust_whole whole;
    mtp_robust_model model;
    double T[K * P];

    mtp_robust_model_init(&model, sizeof model);
    model.k = K;
    model.p = P;
    model.x = x;
    model.residual = residual;
    model.variance = variance;
    model.weight = w;
    model.clusters = CLUSTERS;
    model.cluster = cluster;
    assert_int_equal(mtp_robust_order_make(&model, arena, &order, NULL), MTP_OK);
    assert_int_equal(mtp_robust_frame_make(&model, arena, &frame, NULL), MTP_OK);
    assert_int_equal(mtp_robust_whole_make(&frame, arena, &whole, NULL), MTP_OK);
    for (size_t g = 0; g < CLUSTERS; g++) {
        bool singular = true;

        assert_int_equal(mtp_robust_adjust(&whole, g, true, arena,
                                           &T[frame.start[g] * P], &singular, NULL),
                         MTP_OK);
        assert_false(singular);
    }
    for (size_t i = 0; i < K * P; i++) {
        double made = w ? T[i] : ldexp(T[i], -2 * frame.unit);

        assert_close(made, expected[order.row[i / P] * P + i % P], 1e-13, 0.0);
    }
    mtp_arena_free(arena);
}

static void small_moderators_keep_their_digits(void **state)
{
    (void)state;
    check(NULL, by_variance);
    check(weight, by_weight);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_moderators_keep_their_digits),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
