/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit/design/support.h"

/* Columns that depend on others: found, explained, left out or refused; and designs
 * that only look as if. */

static void check_alias(const char *formula, size_t n_aliases, mtp_alias_kind kind,
                        const char *name, const char *reason)
{
    mtp_design *d = build_dropping(formula);

    assert_int_equal(d->n_aliases, n_aliases);
    assert_int_equal(d->alias[0].kind, kind);
    assert_string_equal(d->alias[0].name, name);
    assert_string_equal(d->alias[0].reason, reason);
    mtp_design_free(d);
}

static void reasons(void **state)
{
    (void)state;
    check_alias("one", 1, MTP_ALIAS_ONE_LEVEL, "one",
                "'one' has one level only, 'all'");
    check_alias("year*one", 2, MTP_ALIAS_ONE_LEVEL, "one",
                "'one' has one level only, 'all'");
    check_alias("constant", 1, MTP_ALIAS_CONSTANT, "constant",
                "'constant' is 3 in every study, as the intercept is 1");
    check_alias("zero", 1, MTP_ALIAS_ZERO, "zero", "'zero' is 0 in every study");
    check_alias("year + triple", 1, MTP_ALIAS_DEPENDENT, "triple",
                "'triple' is 3 times 'year' in every study");
    check_alias("triple + year", 1, MTP_ALIAS_DEPENDENT, "year",
                "'year' is 0.333333 times 'triple' in every study");
    check_alias("product + factor(product)", 2, MTP_ALIAS_DEPENDENT,
                "factor(product): Cil",
                "'factor(product): Cil' is the same as 'product: Cil' in every study");
    check_alias("product*factor(dose)", 3, MTP_ALIAS_EMPTY,
                "product: Ide:factor(dose): 1",
                "no study has product: Ide together with factor(dose): 1");
    check_alias(
        "year + poly(year, 2)", 1, MTP_ALIAS_DEPENDENT, "poly(year, 2): 1",
        "'poly(year, 2): 1' is -193.081 + 0.0958266 times 'year' in every study");
}

/* An indicator for a union of levels. */
static void combinations(void **state)
{
    static const char *const arm[] = {"a", "b", "c", "d", "a", "b", "c", "d"};
    static const double some[] = {0, 1, 1, 0, 0, 1, 1, 0};
    static const double others[] = {1, 0, 0, 1, 1, 0, 0, 1};
    const mtp_design_values values[] = {{NULL, arm}, {some, NULL}, {others, NULL}};
    mtp_design_options options;
    mtp_formula *f;
    mtp_design *d = NULL;
    mtp_error err;

    (void)state;
    mtp_design_options_init(&options, sizeof options);
    assert_int_equal(mtp_formula_parse("arm + some + others", &f, NULL), MTP_OK);
    assert_int_equal(mtp_design_build(f, 8, values, &options, &d, &err),
                     MTP_E_DEGENERATE);
    assert_string_equal(err.message,
                        "'some' is the sum of 'arm: b' and 'arm: c' in every study; "
                        "'others' is 1 - 'arm: b' - 'arm: c' in every study");
    options.drop = true;
    assert_int_equal(mtp_design_build(f, 8, values, &options, &d, &err), MTP_OK);
    assert_int_equal(d->p, 4);
    assert_int_equal(d->n_aliases, 2);
    assert_int_equal(d->alias[1].n_parts, 3);
    assert_int_equal(d->alias[1].term, 2);
    assert_int_equal(d->alias[1].column[2], 2);
    assert_close(d->alias[1].coefficient[0], 1.0, 0.0, 0.0);
    assert_close(d->alias[1].coefficient[2], -1.0, 0.0, 0.0);
    mtp_design_free(d);
    mtp_formula_free(f);
}

/* Parts are numbered by the columns that are left. */
static void parts_after_a_gap(void **state)
{
    mtp_design *d = build_dropping("constant + year + triple");

    (void)state;
    assert_int_equal(d->p, 2);
    assert_string_equal(d->column_name[1], "year");
    assert_int_equal(d->column_term[1], 1);
    assert_int_equal(d->alias[1].n_parts, 1);
    assert_int_equal(d->alias[1].column[0], 1);
    assert_close(d->alias[1].coefficient[0], 3.0, 0.0, 0.0);
    mtp_design_free(d);
}

static void as_many_columns_as_studies(void **state)
{
    static const double x[] = {1, 2, 4};
    const mtp_design_values values = {.number = x};
    mtp_design_options options;
    mtp_formula *f;
    mtp_design *d;

    (void)state;
    mtp_design_options_init(&options, sizeof options);
    options.drop = true;
    assert_int_equal(mtp_formula_parse("poly(x, 4, raw)", &f, NULL), MTP_OK);
    assert_int_equal(mtp_design_build(f, 3, &values, &options, &d, NULL), MTP_OK);
    assert_int_equal(d->p, 3);
    assert_int_equal(d->n_aliases, 2);
    assert_int_equal(d->alias[0].kind, MTP_ALIAS_TOO_MANY);
    assert_string_equal(
        d->alias[0].reason,
        "'poly(x, 4, raw): 3' comes after 3 columns, which is all that 3 "
        "studies can tell apart");
    /* x^3 = 8 - 14 x + 7 x^2 at the roots 1, 2, 4 of (x - 1)(x - 2)(x - 4). */
    assert_close(d->alias[0].coefficient[0], 8.0, 0.0, 0.0);
    assert_close(d->alias[0].coefficient[1], -14.0, 0.0, 0.0);
    assert_close(d->alias[0].coefficient[2], 7.0, 0.0, 0.0);
    mtp_design_free(d);
    mtp_formula_free(f);
}

static void nothing_is_left(void **state)
{
    mtp_design_options options;

    (void)state;
    mtp_design_options_init(&options, sizeof options);
    options.drop = true;
    check_refused("0 + zero", &options, MTP_E_DEGENERATE, "'zero' is 0 in every study");
    check_refused("one", NULL, MTP_E_DEGENERATE, "'one' has one level only, 'all'");
}

/* Full rank, though normal equations lose every digit: R's lm() drops powers of an
 * uncentred year, metafor refuses them. */
static void hard_but_full(void **state)
{
    double x[STUDIES], close[STUDIES];
    const mtp_design_values values[] = {{x, NULL}, {close, NULL}};
    mtp_formula *f;
    mtp_design *d = build("poly(year, 4, raw)");

    (void)state;
    assert_int_equal(d->p, 5);
    mtp_design_free(d);
    /* 1e12 +- 1e10, and a column that agrees with it to nine digits. */
    for (int i = 0; i < STUDIES; i++) {
        x[i] = 1e12 + 1e10 * i;
        close[i] = x[i] + 100.0 * (i % 3);
    }
    assert_int_equal(mtp_formula_parse("x + close", &f, NULL), MTP_OK);
    assert_int_equal(mtp_design_build(f, STUDIES, values, NULL, &d, NULL), MTP_OK);
    mtp_design_free(d);
    mtp_formula_free(f);
}

/* A linear function of a column, computed in doubles: its rounding, however large
 * beside its spread, is no information. */
static void rounding_is_no_information(void **state)
{
    static const double slope[] = {1.0 / 3.0, 0.1, 7.7, -1e-5, 1e100};
    double x[STUDIES], y[STUDIES];
    const mtp_design_values values[] = {{x, NULL}, {y, NULL}};
    mtp_design_options options;
    mtp_formula *f;

    (void)state;
    mtp_design_options_init(&options, sizeof options);
    options.drop = true;
    assert_int_equal(mtp_formula_parse("x + y", &f, NULL), MTP_OK);
    for (int s = 0; s < 5; s++) {
        for (int scale = 0; scale < 8; scale++) {
            mtp_design *d;

            for (int i = 0; i < STUDIES; i++) {
                x[i] = pow(10.0, scale) + i * i;
                y[i] = slope[s] * x[i] + slope[s] * 11.1;
            }
            assert_int_equal(mtp_design_build(f, STUDIES, values, &options, &d, NULL),
                             MTP_OK);
            assert_int_equal(d->n_aliases, 1);
            assert_close(d->alias[0].coefficient[1], slope[s], 1e-6, 0.0);
            mtp_design_free(d);
        }
    }
    mtp_formula_free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reasons),
        cmocka_unit_test(combinations),
        cmocka_unit_test(parts_after_a_gap),
        cmocka_unit_test(as_many_columns_as_studies),
        cmocka_unit_test(nothing_is_left),
        cmocka_unit_test(hard_but_full),
        cmocka_unit_test(rounding_is_no_information),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
