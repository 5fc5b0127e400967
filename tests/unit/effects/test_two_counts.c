/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Counts of two groups, of pairs, two rates, O - E: what must hold of any table, known
 * closed forms, empty cells, studies that say nothing. Figures of whole data sets are
 * in tests/oracle/escalc_counts.json. */
#include "metapool/effects.h"

#include "support/test.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

enum { FIRST_TWO = MTP_OR, LAST_TWO = MTP_OR2DL };

/* yi and vi of one study whose columns are four numbers. */
typedef struct study {
    mtp_measure measure;
    mtp_role role[5];
    double value[5];
} study;

static mtp_status compute(const study *s, const mtp_effects_options *given, double *yi,
                          double *vi, mtp_error *err)
{
    mtp_raw raw = {.size = sizeof raw, .k = 1};
    mtp_effects_options options = *given;
    mtp_effects *effects = NULL;
    mtp_status status;

    for (size_t r = 0; r < 5; r++) {
        if (s->role[r] != s->role[0] || r == 0) {
            raw.column[s->role[r]] = &s->value[r];
        }
    }
    options.measure = s->measure;
    status = mtp_effects_compute(&options, &raw, &effects, err);
    if (status == MTP_OK) {
        *yi = effects->yi[0];
        *vi = effects->vi[0];
    }
    mtp_effects_free(effects);
    return status;
}

static study table(mtp_measure measure, double a, double b, double c, double d)
{
    return (study){measure,
                   {MTP_ROLE_CELL_A, MTP_ROLE_CELL_B, MTP_ROLE_CELL_C, MTP_ROLE_CELL_D,
                    MTP_ROLE_CELL_A},
                   {a, b, c, d, 0.0}};
}

static void expect(const study *s, double yi, double vi, double tolerance)
{
    mtp_effects_options options;
    mtp_error err = {0};
    double y = 0.0, v = 0.0;

    mtp_effects_options_init(&options, sizeof options);
    options.allow_fractional = true;
    if (compute(s, &options, &y, &v, &err) != MTP_OK) {
        fail_msg("%s: %s", mtp_measure_get(s->measure)->code, err.message);
    }
    assert_close(y, yi, tolerance, 0.0);
    assert_close(v, vi, tolerance, 0.0);
}

/* Groups exchanged turn the sign and keep the variance; so do event and non-event, but
 * for RR. */
static void test_symmetry(void **state)
{
    static const double tables[][4] = {{4, 119, 11, 128}, {0, 20, 3, 17},
                                       {5, 0, 2, 9},      {1e9, 3, 7, 2e9},
                                       {7, 7, 7, 7},      {2.5, 1e6, 1e6, 2.5}};

    (void)state;
    for (int m = FIRST_TWO; m <= LAST_TWO; m++) {
        for (size_t t = 0; t < COUNT(tables); t++) {
            const double *x = tables[t];
            study s = table((mtp_measure)m, x[0], x[1], x[2], x[3]);
            study rows = table((mtp_measure)m, x[2], x[3], x[0], x[1]);
            study columns = table((mtp_measure)m, x[1], x[0], x[3], x[2]);
            mtp_effects_options options;
            double y, v;

            mtp_effects_options_init(&options, sizeof options);
            options.allow_fractional = true;
            options.add = 0.5;
            assert_int_equal(compute(&s, &options, &y, &v, NULL), MTP_OK);
            options.to = MTP_ADD_ONLY0;
            assert_true(v > 0.0);
            if (x[0] * x[1] * x[2] * x[3] > 0.0) {
                expect(&rows, -y, v, TOL0);
                if (m != MTP_RR) {
                    expect(&columns, -y, v, TOL0);
                }
            }
        }
    }
}

/* With both margins halved, r = sin(pi (a - b) / (2 (a + b))): Sheppard (1899), Phil
 * Trans A 192:101, doi:10.1098/rsta.1899.0003. Values: mpmath at 30 digits. */
static void test_tetrachoric_of_medians(void **state)
{
    static const struct {
        double a, b, r, z;
    } known[] = {
        {30, 10, 0.707106781186547524401, 0.881373587019543025233},
        {2, 1, 0.5, 0.549306144334054845698},
        {500000001, 499999999, 3.14159265358979323329e-9, 3.14159265358979324363e-9},
        {999999, 1, 0.999999999995065197799, 13.3639278526739967723},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(known); i++) {
        study s = table(MTP_RTET, known[i].a, known[i].b, known[i].b, known[i].a);
        mtp_effects_options options;
        double y, v, z, vz;

        mtp_effects_options_init(&options, sizeof options);
        assert_int_equal(compute(&s, &options, &y, &v, NULL), MTP_OK);
        assert_close(y, known[i].r, TOL0, 0.0);
        s.measure = MTP_ZTET;
        assert_int_equal(compute(&s, &options, &z, &vz, NULL), MTP_OK);
        assert_close(z, known[i].z, TOL1, 0.0);
        assert_true(v > 0.0 && vz >= v);
    }
}

/* Tables of any size and shape have a tetrachoric correlation, and its z agrees. */
static void test_tetrachoric_of_any_table(void **state)
{
    uint64_t seed = 20240618;

    (void)state;
    for (int t = 0; t < 2000; t++) {
        mtp_effects_options options;
        double cell[4], r, z, v;
        study s;

        for (int c = 0; c < 4; c++) { /* MINSTD; cells from 0.1 to 1e15 */
            seed = seed * 48271 % 2147483647;
            cell[c] =
                pow(10.0, (double)seed / 2147483647.0 * (t % 2 ? 16.0 : 6.0) - 1.0);
        }
        s = table(MTP_RTET, cell[0], cell[1], cell[2], cell[3]);
        mtp_effects_options_init(&options, sizeof options);
        options.allow_fractional = true;
        assert_int_equal(compute(&s, &options, &r, &v, NULL), MTP_OK);
        assert_true(r >= -1.0 && r <= 1.0 && v > 0.0);
        s.measure = MTP_ZTET;
        assert_int_equal(compute(&s, &options, &z, &v, NULL), MTP_OK);
        assert_close(tanh(z), r, TOL1, 0.0);
    }
}

/* By hand. OE: (O - E) / V and 1 / V. Treatment-arm correction: arms of 10 and 30 add
 * 1/4 and 3/4; Sweeting et al. (2004), doi:10.1002/sim.1761. */
static void test_by_hand(void **state)
{
    study oe = {MTP_OE,
                {MTP_ROLE_OE, MTP_ROLE_VAR, MTP_ROLE_OE, MTP_ROLE_OE, MTP_ROLE_OE},
                {-3.0, 8.0, 0, 0, 0}};
    study or = {MTP_OR,
                {MTP_ROLE_EVENTS1, MTP_ROLE_N1, MTP_ROLE_EVENTS2, MTP_ROLE_N2,
                 MTP_ROLE_EVENTS1},
                {0, 10, 3, 30, 0}};
    mtp_effects_options options;
    mtp_error err = {0};
    double y, v;

    (void)state;
    expect(&oe, -0.375, 0.125, 0.0);
    mtp_effects_options_init(&options, sizeof options);
    options.tacc = true;
    assert_int_equal(compute(& or, &options, &y, &v, NULL), MTP_OK);
    assert_close(y, log(0.25 * 27.75 / (10.25 * 3.75)), TOL1, 0.0);
    assert_close(v, 4.0 + 1.0 / 10.25 + 1.0 / 3.75 + 1.0 / 27.75, TOL0, 0.0);
    options.to = MTP_ADD_NONE;
    assert_int_equal(compute(& or, &options, &y, &v, NULL), MTP_E_DATA);
    or.measure = MTP_MPORM; /* pairs have no arms of their own */
    assert_int_equal(compute(& or, &options, &y, &v, &err), MTP_E_ARG);
    assert_non_null(strstr(err.message, "no treatment-arm correction"));
}

/* Cells and margins are the same study, and each study takes what it has. */
static void test_cells_and_margins(void **state)
{
    double a[] = {4, (double)NAN}, b[] = {119, (double)NAN};
    double c[] = {11, (double)NAN}, d[] = {128, (double)NAN};
    double x1[] = {(double)NAN, 4}, n1[] = {(double)NAN, 123};
    double x2[] = {(double)NAN, 11}, n2[] = {(double)NAN, 139};
    mtp_raw raw = {.size = sizeof raw, .k = 2};
    mtp_effects_options options;
    mtp_effects *effects = NULL;

    (void)state;
    raw.column[MTP_ROLE_CELL_A] = a;
    raw.column[MTP_ROLE_CELL_B] = b;
    raw.column[MTP_ROLE_CELL_C] = c;
    raw.column[MTP_ROLE_CELL_D] = d;
    raw.column[MTP_ROLE_EVENTS1] = x1;
    raw.column[MTP_ROLE_N1] = n1;
    raw.column[MTP_ROLE_EVENTS2] = x2;
    raw.column[MTP_ROLE_N2] = n2;
    mtp_effects_options_init(&options, sizeof options);
    options.measure = MTP_RR;
    assert_int_equal(mtp_effects_compute(&options, &raw, &effects, NULL), MTP_OK);
    assert_true(effects->yi[0] == effects->yi[1] && effects->vi[0] == effects->vi[1]);
    mtp_effects_free(effects);
}

static void test_uninformative(void **state)
{
    static const struct {
        mtp_measure measure;
        double cell[4];
        const char *why;
    } known[] = {
        {MTP_OR, {0, 10, 0, 12}, "no event in either group"},
        {MTP_OR, {10, 0, 12, 0}, "nothing but events in both groups"},
        {MTP_OR, {0, 10, 12, 0}, NULL},
        {MTP_OR, {0, 10, 1, 11}, NULL},
        {MTP_OR, {0, 0, 0, 11}, NULL}, /* no patients: an error, not a fate */
        {MTP_OR, {-1, 10, 0, 11}, NULL},
        {MTP_RR, {0, 10, 0, 12}, "no event in either group"},
        {MTP_PETO, {10, 0, 12, 0}, "nothing but events in both groups"},
        {MTP_RTET, {0, 10, 0, 12}, "no event in either group"},
        {MTP_RD, {0, 10, 0, 12}, NULL},
        {MTP_AS, {0, 10, 0, 12}, NULL},
        {MTP_MPRD, {4, 0, 0, 12}, NULL},
        {MTP_MPORC, {4, 0, 0, 12}, "no pair with an event under one treatment alone"},
        {MTP_MPPETO, {4, 0, 1, 12}, NULL},
        {MTP_MPRR, {0, 0, 0, 12}, "no event under either treatment"},
        {MTP_MPOR, {7, 0, 0, 0}, "nothing but events under both treatments"},
        {MTP_MPOR, {7, 0, 0, 1}, NULL},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(known); i++) {
        mtp_raw raw = {.size = sizeof raw, .k = 1};
        mtp_effects_options options;
        const char *why = NULL;

        for (int c = 0; c < 4; c++) {
            raw.column[MTP_ROLE_CELL_A + c] = &known[i].cell[c];
        }
        mtp_effects_options_init(&options, sizeof options);
        options.measure = known[i].measure;
        assert_int_equal(mtp_effects_is_uninformative(&options, &raw, 0, &why),
                         known[i].why != NULL);
        if (known[i].why) {
            assert_string_equal(why, known[i].why);
        }
    }
}

static void test_uninformative_rates(void **state)
{
    double zero[] = {0, (double)NAN}, one[] = {1, 1}, time[] = {5.5, 7};
    mtp_raw raw = {.size = sizeof raw, .k = 2};
    mtp_effects_options options;

    (void)state;
    mtp_effects_options_init(&options, sizeof options);
    raw.column[MTP_ROLE_EVENTS1] = raw.column[MTP_ROLE_EVENTS2] = zero;
    raw.column[MTP_ROLE_TIME1] = raw.column[MTP_ROLE_TIME2] = time;
    options.measure = MTP_IRR;
    assert_true(mtp_effects_is_uninformative(&options, &raw, 0, NULL));
    assert_false(mtp_effects_is_uninformative(&options, &raw, 1, NULL)); /* missing */
    options.measure = MTP_IRD;
    assert_false(mtp_effects_is_uninformative(&options, &raw, 0, NULL));
    options.measure = MTP_IRR;
    raw.column[MTP_ROLE_EVENTS2] = one;
    assert_false(mtp_effects_is_uninformative(&options, &raw, 0, NULL));
    assert_false(mtp_effects_is_uninformative(NULL, &raw, 0, NULL)); /* GEN */
}

static void test_transforms(void **state)
{
    static const mtp_measure ratios[] = {MTP_OR,   MTP_RR,    MTP_PETO,   MTP_MPRR,
                                         MTP_MPOR, MTP_MPORC, MTP_MPPETO, MTP_MPORM,
                                         MTP_IRR,  MTP_OE};
    bool clipped = false;

    (void)state;
    for (size_t i = 0; i < COUNT(ratios); i++) {
        assert_true(mtp_back_transform(ratios[i], 0.0, 1.0, NULL) == 1.0);
        assert_close(mtp_back_transform(ratios[i], log(2.5), 1.0, NULL), 2.5, TOL0,
                     0.0);
        assert_close(mtp_forward_transform(ratios[i], 2.5, 1.0), log(2.5), TOL0, 0.0);
        assert_true(isnan(mtp_forward_transform(ratios[i], -1.0, 1.0)));
        assert_int_equal(mtp_measure_get(ratios[i])->groups, 2);
    }
    /* tanh(1): mpmath. */
    assert_close(mtp_back_transform(MTP_ZTET, 1.0, 1.0, NULL), 0.761594155955764888119,
                 TOL0, 0.0);
    assert_close(mtp_forward_transform(MTP_ZPHI, 0.761594155955764888119, 1.0), 1.0,
                 TOL0, 0.0);
    assert_true(mtp_back_transform(MTP_IRD, -7.0, 1.0, &clipped) == -7.0);
    assert_false(clipped);
    assert_true(mtp_back_transform(MTP_RD, -1.5, 1.0, &clipped) == -1.0);
    assert_true(clipped);
    assert_true(mtp_forward_transform(MTP_MPRD, 0.25, 1.0) == 0.25);
}

/* What is impossible is said of the study and the column. */
static void test_errors(void **state)
{
#define MARGINS                                                                        \
    {                                                                                  \
        MTP_ROLE_EVENTS1, MTP_ROLE_N1, MTP_ROLE_EVENTS2, MTP_ROLE_N2, MTP_ROLE_R       \
    }
#define CELLS                                                                          \
    {                                                                                  \
        MTP_ROLE_CELL_A, MTP_ROLE_CELL_B, MTP_ROLE_CELL_C, MTP_ROLE_CELL_D,            \
            MTP_ROLE_CELL_A                                                            \
    }
#define RATES                                                                          \
    {                                                                                  \
        MTP_ROLE_EVENTS1, MTP_ROLE_TIME1, MTP_ROLE_EVENTS2, MTP_ROLE_TIME2,            \
            MTP_ROLE_EVENTS1                                                           \
    }
    static const struct {
        study study;
        const char *column, *words;
    } problems[] = {
        {{MTP_OR, MARGINS, {3, 10, 14, 12, 0}},
         "events2",
         "14 events are more than the 12"},
        {{MTP_OR, MARGINS, {3, 0, 4, 12, 0}}, "n1", "not above 0"},
        {{MTP_RD, MARGINS, {3, 10, 4.5, 12, 0}},
         "events2",
         "4.5 is not a whole number"},
        {{MTP_OR, CELLS, {3, 10, -4, 12, 0}}, "cell-c", "-4 is negative"},
        {{MTP_OR, CELLS, {0, 0, 4, 12, 0}}, "n1", "not above 0"},
        {{MTP_RTET, CELLS, {3, 10, 0, 12, 0}}, "events1", "unless its empty cell is"},
        {{MTP_MPOR, CELLS, {0, 0, 0, 0, 0}}, "cell-a", "has no pairs"},
        {{MTP_MPOR, CELLS, {1, 2, (double)INFINITY, 0, 0}}, "cell-c", "not a finite"},
        {{MTP_MPORM, MARGINS, {3, 10, 4, 12, 0.5}},
         "n2",
         "both groups have the same size"},
        {{MTP_MPORM, MARGINS, {3, 12, 4, 12, 1}}, "r", "between -1 and 1"},
        {{MTP_IRR, RATES, {3, 12, 4, 0, 0}}, "time2", "not above 0"},
        {{MTP_IRR, RATES, {-3, 12, 4, 5, 0}}, "events1", "-3 is negative"},
        {{MTP_OE,
          {MTP_ROLE_OE, MTP_ROLE_VAR, MTP_ROLE_OE, MTP_ROLE_OE, MTP_ROLE_OE},
          {1, 0, 0, 0, 0}},
         "var",
         "not above 0"},
    };
    mtp_effects_options options;

    (void)state;
    mtp_effects_options_init(&options, sizeof options);
    for (size_t i = 0; i < COUNT(problems); i++) {
        study s = problems[i].study;
        mtp_error err = {0};
        double y, v;

        if (s.measure == MTP_OR || s.measure == MTP_RD) {
            s.role[4] = s.role[0];
        }
        assert_int_equal(compute(&s, &options, &y, &v, &err), MTP_E_DATA);
        assert_string_equal(err.column, problems[i].column);
        if (!strstr(err.message, problems[i].words)) {
            fail_msg("\"%s\" lacks \"%s\"", err.message, problems[i].words);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_symmetry),
        cmocka_unit_test(test_tetrachoric_of_medians),
        cmocka_unit_test(test_tetrachoric_of_any_table),
        cmocka_unit_test(test_by_hand),
        cmocka_unit_test(test_cells_and_margins),
        cmocka_unit_test(test_uninformative),
        cmocka_unit_test(test_uninformative_rates),
        cmocka_unit_test(test_transforms),
        cmocka_unit_test(test_errors),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
