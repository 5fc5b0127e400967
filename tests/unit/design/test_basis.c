/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "metapool/design.h"

#include "support/test.h"
#include "unit/design/vectors.h"

/* poly() and rcs() against 80-digit arithmetic, at the data and elsewhere. */

static mtp_design *build(const char *formula, size_t k, const double x[])
{
    const mtp_design_values values = {.number = x};
    const mtp_design_options *defaults = NULL;
    mtp_formula *f;
    mtp_design *d = NULL;
    mtp_error err;

    assert_int_equal(mtp_formula_parse(formula, &f, &err), MTP_OK);
    if (mtp_design_build(f, k, &values, defaults, &d, &err) != MTP_OK) {
        fail_msg("%s: %s", formula, err.message);
    }
    mtp_formula_free(f);
    return d;
}

/* The value in column j of the row at x; that of the studies at x is the same to the
 * bit. */
static double value_at(const mtp_design *d, size_t k, const double x[], double at,
                       size_t j)
{
    const mtp_design_at where = {.kind = MTP_AT_NUMBER, .number = at};
    double row[32];

    assert_int_equal(mtp_design_row(d, &where, row, NULL), MTP_OK);
    for (size_t i = 0; i < k; i++) {
        if (x[i] == at) {
            assert_memory_equal(row, d->x + i * d->p, d->p * sizeof *row);
        }
    }
    return row[j];
}

static void poly_and_rcs_to_the_last_digit(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof truth / sizeof *truth; i++) {
        const basis_truth *t = &truth[i];
        mtp_design *d = build(t->formula, t->k, t->x);

        for (int j = 0; j < 4; j++) {
            assert_close(value_at(d, t->k, t->x, t->at[j], t->column), t->value[j],
                         TOL0, 1e-28);
        }
        mtp_design_free(d);
    }
}

static void columns_of_poly_are_orthonormal(void **state)
{
    mtp_design *d = build("poly(x, 25)", 26, steps);

    (void)state;
    for (size_t a = 0; a < d->p; a++) {
        for (size_t b = 0; b <= a; b++) {
            double sum = 0.0;

            for (size_t i = 0; i < d->k; i++) {
                sum += d->x[i * d->p + a] * d->x[i * d->p + b];
            }
            assert_close(sum, a != b ? 0.0 : a == 0 ? 26.0 : 1.0, TOL1, TOL2);
        }
    }
    mtp_design_free(d);
}

/* The recurrence that is shown makes the columns. */
static void coefficients_of_poly_are_shown(void **state)
{
    mtp_design *d = build("poly(x, 3)", 13, year);
    const mtp_design_leaf *leaf = &d->leaf[0];

    (void)state;
    assert_close(leaf->norm2[0], 1.0, 0.0, 0.0);
    assert_close(leaf->norm2[1], 13.0, 0.0, 0.0);
    assert_close(leaf->alpha[0], d->variable[0].mean, TOL0, 0.0);
    for (size_t i = 0; i < d->k; i++) {
        double q1 = year[i] - leaf->alpha[0];
        double q2 = (year[i] - leaf->alpha[1]) * q1 - leaf->norm2[2] / leaf->norm2[1];
        double q3 =
            (year[i] - leaf->alpha[2]) * q2 - leaf->norm2[3] / leaf->norm2[2] * q1;

        assert_close(d->x[i * d->p + 1], q1 / sqrt(leaf->norm2[2]), TOL4, TOL4);
        assert_close(d->x[i * d->p + 2], q2 / sqrt(leaf->norm2[3]), TOL4, TOL4);
        assert_close(d->x[i * d->p + 3], q3 / sqrt(leaf->norm2[4]), TOL4, TOL4);
    }
    mtp_design_free(d);
}

static void knots_are_shown(void **state)
{
    static const char *const formula[] = {"rcs(x, 3)", "rcs(x, 4)", "rcs(x, 5)",
                                          "rcs(x, 6)", "rcs(x, 7)"};

    (void)state;
    for (size_t i = 0; i < 5; i++) {
        mtp_design *d = build(formula[i], 24, months);

        assert_int_equal(d->leaf[0].leaf->n_knots, i + 3);
        for (size_t j = 0; j < i + 3; j++) {
            assert_close(d->leaf[0].knots[j], knots[i][j], TOL0, 0.0);
        }
        mtp_design_free(d);
    }
}

static void raw_powers(void **state)
{
    mtp_design *d = build("poly(x, 3, raw)", 13, year);

    (void)state;
    assert_string_equal(d->column_name[3], "poly(x, 3, raw): 3");
    assert_close(d->x[1], 1948.0, 0.0, 0.0);
    assert_close(d->x[2], 3794704.0, 0.0, 0.0);
    assert_close(d->x[3], 7392083392.0, 0.0, 0.0);
    mtp_design_free(d);
}

/* Scaling x by a power of two changes no bit of an orthogonal polynomial. */
static void units_do_not_matter(void **state)
{
    double x[13];
    mtp_design *d = build("poly(x, 4)", 13, year), *e;

    (void)state;
    for (int i = 0; i < 13; i++) {
        x[i] = ldexp(year[i], 900);
    }
    e = build("poly(x, 4)", 13, x);
    assert_memory_equal(d->x, e->x, d->k * d->p * sizeof *d->x);
    mtp_design_free(d);
    mtp_design_free(e);
}

static void check_refused(const char *formula, size_t k, const double x[],
                          mtp_status want, const char *message)
{
    const mtp_design_values values = {.number = x};
    mtp_formula *f;
    mtp_design *d = NULL;
    mtp_error err;

    assert_int_equal(mtp_formula_parse(formula, &f, &err), MTP_OK);
    assert_int_equal(mtp_design_build(f, k, &values, NULL, &d, &err), want);
    assert_string_equal(err.message, message);
    assert_null(d);
    mtp_formula_free(f);
}

static void too_few_values(void **state)
{
    static const double two[] = {1, 2, 2, 1, 2}, huge[] = {1e200, 2e200, 4e200};

    (void)state;
    check_refused("poly(x, 2)", 5, two, MTP_E_DEGENERATE,
                  "poly(x, 2) needs more than 2 different values; there are 2");
    check_refused("rcs(x, 3)", 5, two, MTP_E_DEGENERATE,
                  "rcs(x, 3): the values are too few or too much alike for 3 knots "
                  "(knots 2 and 3 are both 2); take fewer, or name them: "
                  "rcs(x, 5, 10, 20)");
    check_refused("poly(x, 2, raw)", 3, huge, MTP_E_DATA,
                  "'poly(x, 2, raw): 2' is beyond the largest number in row 1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(poly_and_rcs_to_the_last_digit),
        cmocka_unit_test(columns_of_poly_are_orthonormal),
        cmocka_unit_test(coefficients_of_poly_are_shown),
        cmocka_unit_test(knots_are_shown),
        cmocka_unit_test(raw_powers),
        cmocka_unit_test(units_do_not_matter),
        cmocka_unit_test(too_few_values),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
