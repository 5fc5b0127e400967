/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit/design/support.h"

/* Columns, their names and levels. Values by hand; tests/oracle/test_design.c compares
 * many more formulas with R. */

static void check_names(const mtp_design *d, size_t n, const char *const name[])
{
    assert_int_equal(d->p, n);
    for (size_t j = 0; j < n; j++) {
        assert_string_equal(d->column_name[j], name[j]);
    }
}

static void check_column(const mtp_design *d, size_t j, const double want[])
{
    for (size_t i = 0; i < d->k; i++) {
        assert_close(d->x[i * d->p + j], want[i], 0.0, 0.0);
    }
}

static void names_and_terms(void **state)
{
    static const char *const name[] = {
        "intercept", "product: Cil",      "product: Ide",     "year",
        "x > 1",     "product: Cil:year", "product: Ide:year"};
    static const size_t term[] = {4, 0, 0, 1, 2, 3, 3};
    static const double ide[] = {0, 1, 0, 0, 1, 0, 0, 1, 0, 0};
    mtp_design *d = build("product*year + (x > 1)");

    (void)state;
    check_names(d, 7, name);
    assert_true(d->intercept);
    assert_int_equal(d->k, STUDIES);
    assert_int_equal(d->n_terms, 4);
    assert_string_equal(d->term_name[3], "product:year");
    assert_memory_equal(d->column_term, term, sizeof term);
    check_column(d, 2, ide);
    check_column(d, 3, year_of);
    check_column(d, 4, flag);
    assert_int_equal(d->n_aliases, 0);
    mtp_design_free(d);
}

static void sql_keeps_parentheses_in_interactions(void **state)
{
    static const char *const name[] = {"intercept", "x > 1", "setting: RW",
                                       "(x > 1):setting: RW"};
    mtp_design *d = build("(x > 1)*setting");

    (void)state;
    check_names(d, 4, name);
    mtp_design_free(d);
}

static void numbers_become_levels(void **state)
{
    static const char *const name[] = {"intercept", "factor(dose): 1",
                                       "factor(dose): 2", "factor(dose): 10"};
    static const size_t count[] = {1, 2, 4, 3};
    static const size_t level_of[] = {3, 2, 1, 2, 3, 2, 0, 2, 1, 3};
    mtp_design *d = build("factor(dose)");
    const mtp_design_leaf *leaf = &d->leaf[0];

    (void)state;
    check_names(d, 4, name);
    assert_true(leaf->is_factor);
    assert_int_equal(leaf->n_levels, 4);
    assert_string_equal(leaf->level[0], "0");
    assert_memory_equal(leaf->count, count, sizeof count);
    assert_memory_equal(leaf->level_of, level_of, sizeof level_of);
    assert_int_equal(leaf->reference, 0);
    assert_false(d->variable[0].is_text);
    assert_close(d->variable[0].mean, 4.0, 0.0, 0.0);
    assert_close(d->variable[0].min, 0.0, 0.0, 0.0);
    assert_close(d->variable[0].max, 10.0, 0.0, 0.0);
    mtp_design_free(d);
}

static void references(void **state)
{
    static const mtp_design_ref ref[] = {
        {"product", "Ide"}, {"factor(dose)", "2.0"}, {"dose", "2"}};
    static const char *const name[] = {"intercept",       "product: Axi",
                                       "product: Cil",    "factor(dose): 0",
                                       "factor(dose): 1", "factor(dose): 10"};
    mtp_design_options options;
    mtp_design *d;

    (void)state;
    mtp_design_options_init(&options, sizeof options);
    options.refs = ref;
    options.n_refs = 3;
    d = build_with("product + factor(dose)", &options);
    check_names(d, 6, name);
    assert_int_equal(d->leaf[0].reference, 2);
    assert_string_equal(d->leaf[0].level[2], "Ide");
    mtp_design_free(d);
}

static void check_reference(const char *factor, const char *level, const char *message)
{
    const mtp_design_ref ref[] = {{"product", "Axi"}, {factor, level}};
    mtp_design_options options;

    mtp_design_options_init(&options, sizeof options);
    options.refs = ref;
    options.n_refs = 2;
    check_refused("product + setting + year", &options, MTP_E_ARG, message);
}

static void wrong_references(void **state)
{
    (void)state;
    check_reference("produkt", "Ide",
                    "'produkt' is no factor of the formula; did you mean 'product'? "
                    "there are 'product', 'setting'");
    check_reference(
        "setting", "rw",
        "'rw' is no level of 'setting'; did you mean 'RW'? there are 'RCT', "
        "'RW'");
    check_reference("year", "2010",
                    "a reference level for 'year': it is a number here, not a factor; "
                    "factor(year) makes it one");
    check_reference("product", "Ide", "two reference levels are given for 'product'");
}

static void without_intercept(void **state)
{
    static const char *const name[] = {"product: Axi", "product: Cil", "product: Ide",
                                       "setting: RW", "year"};
    mtp_design_options options;
    mtp_design *d = build("product + setting + year - 1");

    (void)state;
    check_names(d, 5, name);
    assert_false(d->intercept);
    mtp_design_free(d);

    mtp_design_options_init(&options, sizeof options);
    options.intercept = false;
    d = build_with("product + setting + year", &options);
    check_names(d, 5, name);
    mtp_design_free(d);
    check_refused("1", &options, MTP_E_DEGENERATE,
                  "the model has neither terms nor an intercept");
}

static void intercept_alone(void **state)
{
    static const char *const name[] = {"intercept"};
    mtp_design *d = build("1");

    (void)state;
    check_names(d, 1, name);
    assert_int_equal(d->n_terms, 0);
    assert_int_equal(d->column_term[0], 0);
    mtp_design_free(d);
}

static void unusable_values(void **state)
{
    static const double bad[] = {1.0, 2.0, (double)INFINITY};
    const mtp_design_values values = {.number = bad};
    mtp_formula *f;
    mtp_design *d = NULL;
    mtp_error err;

    (void)state;
    check_refused("poly(product, 2)", NULL, MTP_E_ARG,
                  "poly(product, 2): 'product' is text, not a number");
    check_refused("rcs(product, 3)", NULL, MTP_E_ARG,
                  "rcs(product, 3): 'product' is text, not a number");
    assert_int_equal(mtp_formula_parse("x", &f, NULL), MTP_OK);
    assert_int_equal(mtp_design_build(f, 3, &values, NULL, &d, &err), MTP_E_DATA);
    assert_string_equal(err.message, "'x' is not a finite number in row 3");
    assert_int_equal(mtp_design_build(f, 0, &values, NULL, &d, &err), MTP_E_DATA);
    assert_null(d);
    mtp_formula_free(f);
}

static void too_many_columns(void **state)
{
    enum { MANY = 1100 };
    static double x[MANY];
    const mtp_design_values values = {.number = x};
    mtp_formula *f;
    mtp_design *d = NULL;
    mtp_error err;

    (void)state;
    for (int i = 0; i < MANY; i++) {
        x[i] = i;
    }
    assert_int_equal(mtp_formula_parse("factor(x)", &f, NULL), MTP_OK);
    assert_int_equal(mtp_design_build(f, MANY, &values, NULL, &d, &err),
                     MTP_E_UNSUPPORTED);
    assert_string_equal(err.message,
                        "with 'factor(x)' the formula makes more than 1000 columns");
    mtp_formula_free(f);
}

/* The order of rows changes neither levels nor columns. */
static void rows_in_any_order(void **state)
{
    static const size_t order[] = {5, 2, 7, 0, 9, 3, 6, 1, 8, 4};
    const char *text[STUDIES];
    double number[STUDIES];
    mtp_design_values values[2] = {{NULL, text}, {number, NULL}};
    mtp_design *d = build("product + poly(dose, 3)");
    mtp_formula *f;
    mtp_design *e;

    (void)state;
    for (size_t i = 0; i < STUDIES; i++) {
        text[i] = product[order[i]];
        number[i] = dose[order[i]];
    }
    assert_int_equal(mtp_formula_parse("product + poly(dose, 3)", &f, NULL), MTP_OK);
    assert_int_equal(mtp_design_build(f, STUDIES, values, NULL, &e, NULL), MTP_OK);
    assert_int_equal(d->p, e->p);
    for (size_t i = 0; i < STUDIES; i++) {
        assert_memory_equal(e->x + i * e->p, d->x + order[i] * d->p,
                            d->p * sizeof *d->x);
    }
    mtp_design_free(d);
    mtp_design_free(e);
    mtp_formula_free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_and_terms),
        cmocka_unit_test(sql_keeps_parentheses_in_interactions),
        cmocka_unit_test(numbers_become_levels),
        cmocka_unit_test(references),
        cmocka_unit_test(wrong_references),
        cmocka_unit_test(without_intercept),
        cmocka_unit_test(intercept_alone),
        cmocka_unit_test(unusable_values),
        cmocka_unit_test(too_many_columns),
        cmocka_unit_test(rows_in_any_order),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
