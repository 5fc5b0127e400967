/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "metapool/lfk.h"

#include "core/arena.h"
#include "sets.h"
#include "support/test.h"

/* The LFK index. Values with all digits: the formulas of Furuya-Kanamori, Barendregt &
 * Doi (2018) in mpmath, 50 digits. */

static mtp_lfk_result *index_of(size_t k, const double yi[], const double vi[])
{
    mtp_lfk_result *r = NULL;

    assert_int_equal(mtp_lfk(k, yi, vi, &r, NULL), MTP_OK);
    assert_int_equal(r->k, k);
    return r;
}

/* The example of the paper. */
static void test_pain(void **state)
{
    static const double yi[] = {-4.270, -1.710, -0.580, -0.190, 0.000};
    static const double vi[] = {0.158, 0.076, 0.018, 0.022, 0.040};
    static const mtp_doi_point want[] = {
        {100.0, 50.0, 0.021532464799399649, -2.0230797146605223},
        {207.89473684210526, 203.94736842105263, 0.088499460587006214,
         -1.3500531922915140},
        {877.77777777777778, 746.78362573099415, 0.32463284649335302,
         -0.45478253946432834},
        {718.18181818181818, 1544.7634237107922, 0.67175349115258624,
         0.44476025772834192},
        {395.0, 2101.3543328017014, 0.91387014080240141, 1.3649787837859033}};
    mtp_lfk_result *r = index_of(5, yi, vi);

    (void)state;
    assert_close(r->lfk, -3.3101115386324729, TOL3, 0.0);
    assert_int_equal(r->asymmetry, MTP_LFK_MAJOR);
    assert_int_equal(r->tip, 3);
    for (size_t i = 0; i < 5; i++) {
        assert_close(r->point[i].n, want[i].n, TOL1, 0.0);
        assert_close(r->point[i].mid_rank, want[i].mid_rank, TOL1, 0.0);
        assert_close(r->point[i].percentile, want[i].percentile, TOL1, 0.0);
        assert_close(r->point[i].z, want[i].z, TOL2, 0.0);
        assert_int_equal(r->order[i], i);
    }
    mtp_lfk_free(r);
}

/* lfkindex of metasens has 6.68755816 (major asymmetry) and 0.63617512 (no asymmetry):
 * outputs recorded with these data in a public comparison with that package. */
static void test_two_sets(void **state)
{
    static const double uneven_yi[] = {0.05, 0.08, 0.12, 0.20, 0.55,
                                       0.62, 0.85, 1.10, 1.35, 1.60};
    static const double uneven_se[] = {0.08, 0.09, 0.10, 0.12, 0.30,
                                       0.33, 0.40, 0.48, 0.55, 0.62};
    static const double even_yi[] = {-0.3, -0.1, 0.0, 0.1, 0.2, 0.35};
    static const double even_se[] = {0.2, 0.18, 0.15, 0.16, 0.19, 0.22};
    double vi[10];
    mtp_lfk_result *r;

    (void)state;
    for (size_t i = 0; i < 10; i++) {
        vi[i] = uneven_se[i] * uneven_se[i];
    }
    r = index_of(10, uneven_yi, vi);
    assert_close(r->lfk, 6.68755816, 0.0, 5e-9);
    assert_close(r->lfk, 6.6875581551320376, TOL3, 0.0);
    assert_int_equal(r->asymmetry, MTP_LFK_MAJOR);
    mtp_lfk_free(r);
    for (size_t i = 0; i < 6; i++) {
        vi[i] = even_se[i] * even_se[i];
    }
    r = index_of(6, even_yi, vi);
    assert_close(r->lfk, 0.63617512, 0.0, 5e-9);
    assert_close(r->lfk, 0.63617512056051574, TOL3, 0.0);
    assert_int_equal(r->asymmetry, MTP_LFK_NONE);
    assert_int_equal(r->tip, 2);
    mtp_lfk_free(r);
}

/* Equal effects share a rank, in whichever order they stand. */
static void test_ties(void **state)
{
    static const double yi[] = {0.5, 0.1, 0.5, -0.25, 0.1, 0.5};
    static const double vi[] = {0.02, 0.04, 0.01, 0.08, 0.05, 0.03};
    static const double z[] = {0.30316423189506342, -1.0578180363771258,
                               0.30316423189506342, -1.9482581412628765,
                               -1.0578180363771258, 0.30316423189506342};
    static const size_t order[] = {3, 1, 4, 2, 0, 5};
    double turned_yi[6], turned_vi[6];
    mtp_lfk_result *r = index_of(6, yi, vi), *turned;

    (void)state;
    assert_close(r->lfk, -3.2530587873020890, TOL3, 0.0);
    assert_int_equal(r->tip, 2);
    for (size_t i = 0; i < 6; i++) {
        assert_close(r->point[i].z, z[i], TOL2, 0.0);
        assert_int_equal(r->order[i], order[i]);
        turned_yi[5 - i] = yi[i];
        turned_vi[5 - i] = vi[i];
    }
    turned = index_of(6, turned_yi, turned_vi);
    assert_true(turned->lfk == r->lfk);
    assert_int_equal(turned->tip, 3);
    mtp_lfk_free(turned);
    mtp_lfk_free(r);
}

/* Units of the effects play no part. */
static void test_units(void **state)
{
    double yi[BCG], vi[BCG];
    mtp_lfk_result *r = index_of(BCG, bcg_yi, bcg_vi), *scaled;

    (void)state;
    for (size_t i = 0; i < BCG; i++) {
        yi[i] = 8.0 * bcg_yi[i];
        vi[i] = 64.0 * bcg_vi[i];
    }
    scaled = index_of(BCG, yi, vi);
    assert_true(scaled->lfk == r->lfk);
    mtp_lfk_free(scaled);
    mtp_lfk_free(r);
}

/* One study with nearly all ranks: both tails keep their digits. */
static void test_far_apart(void **state)
{
    static const double yi[] = {0.0, 1.0, 2.0, 3.0, 4.0};
    static const double vi[] = {1e12, 1.0, 1e12, 1e12, 1e12};
    static const double far[] = {1e300, 1e-300, 1.0, 1.0, 1.0};
    mtp_lfk_result *r = index_of(5, yi, vi);
    mtp_error err;

    (void)state;
    assert_close(r->lfk, 15.853040228299016, TOL2, 0.0);
    assert_close(r->point[0].z, -7.1318899749930417, TOL2, 0.0);
    assert_close(r->point[4].z, 7.1291372291893002, TOL2, 0.0);
    assert_int_equal(r->tip, 1);
    mtp_lfk_free(r);
    assert_int_equal(mtp_lfk(5, yi, far, &r, &err), MTP_E_DATA);
}

static void test_classes(void **state)
{
    (void)state;
    assert_string_equal(mtp_lfk_class_id(MTP_LFK_MINOR), "minor");
    assert_string_equal(mtp_lfk_class_label(MTP_LFK_MAJOR), "major asymmetry");
    assert_int_equal(mtp_lfk_class_from_id("None"), MTP_LFK_NONE);
    assert_int_equal(mtp_lfk_class_from_id("some"), -1);
}

/* The less precise the last study is, the longer its limb. */
static void test_class_of_value(void **state)
{
    static const double yi[] = {-0.2, -0.1, 0.0, 0.1, 0.6};
    double vi[] = {0.04, 0.03, 0.02, 0.03, 0.05};
    bool seen[MTP_LFK_CLASS_COUNT] = {false};

    (void)state;
    for (int step = 0; step < 10; step++) {
        mtp_lfk_result *r = index_of(5, yi, vi);
        double size = fabs(r->lfk);

        assert_int_equal(r->asymmetry, (size > 1.0) + (size > 2.0));
        seen[r->asymmetry] = true;
        mtp_lfk_free(r);
        vi[4] *= 2.0;
    }
    assert_true(seen[MTP_LFK_NONE] && seen[MTP_LFK_MINOR] && seen[MTP_LFK_MAJOR]);
}

static void test_refusals(void **state)
{
    static const double yi[] = {0.1, 0.1, 0.1, (double)NAN};
    static const double vi[] = {1.0, 2.0, 0.0, 1.0};
    static const double good[] = {1.0, 2.0, 3.0, 1.0};
    mtp_lfk_result *r = NULL;
    mtp_error err;

    (void)state;
    assert_int_equal(mtp_lfk(2, yi, good, &r, &err), MTP_E_DATA);
    assert_int_equal(mtp_lfk(3, yi, vi, &r, &err), MTP_E_DATA);
    assert_int_equal(err.line, 3);
    assert_string_equal(err.column, "vi");
    assert_int_equal(mtp_lfk(4, yi, good, &r, &err), MTP_E_DATA);
    assert_int_equal(err.line, 4);
    assert_string_equal(err.column, "yi");
    assert_int_equal(mtp_lfk(3, yi, good, &r, &err), MTP_E_DEGENERATE);
    assert_null(r);
    mtp_lfk_free(NULL);
}

static void test_no_memory(void **state)
{
    mtp_status status = MTP_E_NOMEM;
    size_t n = 0;

    (void)state;
    while (status == MTP_E_NOMEM) {
        mtp_lfk_result *r = NULL;

        mtp_arena_fail_after(++n);
        status = mtp_lfk(BCG, bcg_yi, bcg_vi, &r, NULL);
        mtp_arena_fail_after(0);
        assert_true(status == MTP_OK || !r);
        mtp_lfk_free(r);
    }
    assert_int_equal(status, MTP_OK);
    assert_true(n > 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pain),           cmocka_unit_test(test_two_sets),
        cmocka_unit_test(test_ties),           cmocka_unit_test(test_units),
        cmocka_unit_test(test_far_apart),      cmocka_unit_test(test_classes),
        cmocka_unit_test(test_class_of_value), cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_no_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
