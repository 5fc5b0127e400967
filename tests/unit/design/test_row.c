/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/arena.h"
#include "unit/design/support.h"

/* Rows at values that no study has to have. */

static mtp_design_at number(double x)
{
    return (mtp_design_at){.kind = MTP_AT_NUMBER, .number = x};
}

static mtp_design_at text(const char *level)
{
    return (mtp_design_at){.kind = MTP_AT_TEXT, .text = level};
}

static const mtp_design_at average = {.kind = MTP_AT_AVERAGE};
static const mtp_design_at proportional = {.kind = MTP_AT_PROPORTIONAL};

static void check_row(const mtp_design *d, const mtp_design_at at[],
                      const double want[])
{
    double row[32];
    mtp_error err;

    if (mtp_design_row(d, at, row, &err) != MTP_OK) {
        fail_msg("%s", err.message);
    }
    for (size_t j = 0; j < d->p; j++) {
        assert_close(row[j], want[j], TOL0, 0.0);
    }
}

static void levels_and_numbers(void **state)
{
    mtp_design *d = build("product + year + product:year");
    const mtp_design_at ide[] = {text("Ide"), number(2000.5)};
    const mtp_design_at reference[] = {text("Axi"), text(" 2000.5")};

    (void)state;
    check_row(d, ide, (const double[]){1, 0, 1, 2000.5, 0, 2000.5});
    check_row(d, reference, (const double[]){1, 0, 0, 2000.5, 0, 0});
    mtp_design_free(d);
    d = build("0 + factor(dose) + year:setting");
    check_row(d, (const mtp_design_at[]){number(2), number(2000), text("RW")},
              (const double[]){0, 0, 1, 0, 0, 2000});
    check_row(d, (const mtp_design_at[]){text("10.0"), text("2000"), text("RCT")},
              (const double[]){0, 0, 0, 1, 2000, 0});
    mtp_design_free(d);
}

/* dose is among the levels of factor(dose), so that RCT's dose is told by the others.
 */
static void averages(void **state)
{
    mtp_design *d = build("product*year");
    const double year = 2014.9; /* their mean */

    (void)state;
    check_row(d, (const mtp_design_at[]){average, average},
              (const double[]){1, 1.0 / 3, 1.0 / 3, year, year / 3, year / 3});
    check_row(d, (const mtp_design_at[]){proportional, number(10)},
              (const double[]){1, 0.3, 0.3, 10, 3, 3});
    check_row(d, (const mtp_design_at[]){text("Cil"), proportional},
              (const double[]){1, 1, 0, year, year, 0});
    mtp_design_free(d);
    d = build("factor(dose) + (x > 1)");
    check_row(d, (const mtp_design_at[]){average, average},
              (const double[]){1, 0.25, 0.25, 0.25, 0.5});
    mtp_design_free(d);
}

/* An average is the mean of the rows of all combinations, whatever the coding. */
static void averages_are_means_of_rows(void **state)
{
    static const char *const formula[] = {
        "product*setting",
        "setting + year:product",
        "0 + product:setting",
        "product + setting:(x > 1)",
        "0 + setting + poly(year, 2):product",
        "product:factor(product) + setting",
    };
    static const char *const levels[] = {"Axi", "Cil", "Ide"};
    static const double share[] = {0.4, 0.3, 0.3};

    (void)state;
    for (size_t f = 0; f < sizeof formula / sizeof *formula; f++) {
        mtp_design *d = build_dropping(formula[f]);
        size_t n = d->formula->n_variables, product_at = 0;
        mtp_design_at at[3];
        double row[32], equal[32] = {0}, weighted[32] = {0};

        for (size_t v = 0; v < n; v++) {
            bool is_product = strcmp(d->variable[v].name, "product") == 0;

            product_at = is_product ? v : product_at;
            at[v] = d->variable[v].is_text ? text("RW") : number(1.5);
        }
        for (int l = 0; l < 3; l++) {
            at[product_at] = text(levels[l]);
            assert_int_equal(mtp_design_row(d, at, row, NULL), MTP_OK);
            for (size_t j = 0; j < d->p; j++) {
                equal[j] += row[j] / 3.0;
                weighted[j] += share[l] * row[j];
            }
        }
        at[product_at] = average;
        check_row(d, at, equal);
        at[product_at] = proportional;
        check_row(d, at, weighted);
        mtp_design_free(d);
    }
}

/* At the values of a study the row is the study's, to the last bit. */
static void rows_of_studies(void **state)
{
    mtp_design *d = build_dropping("product*poly(year, 2) + rcs(dose, 0, 1, 5, 9)"
                                   " + factor(dose):(x > 1) + setting");

    (void)state;
    for (size_t i = 0; i < STUDIES; i++) {
        const mtp_design_at at[] = {text(product[i]), number(year_of[i]),
                                    number(dose[i]), number(flag[i]), text(setting[i])};
        double row[32];

        assert_int_equal(mtp_design_row(d, at, row, NULL), MTP_OK);
        assert_memory_equal(row, d->x + i * d->p, d->p * sizeof *row);
    }
    mtp_design_free(d);
}

static void check_wrong(const mtp_design *d, const mtp_design_at at[], mtp_status want,
                        const char *message)
{
    double row[32] = {-77.0};
    mtp_error err;

    assert_int_equal(mtp_design_row(d, at, row, &err), want);
    assert_string_equal(err.message, message);
    assert_close(row[0], -77.0, 0.0, 0.0);
}

static void wrong_values(void **state)
{
    mtp_design *d = build("setting + factor(dose) + year");

    (void)state;
    check_wrong(d, (const mtp_design_at[]){text("rw"), average, average}, MTP_E_ARG,
                "'rw' is no level of 'setting'; did you mean 'RW'? there are 'RCT', "
                "'RW'");
    check_wrong(d, (const mtp_design_at[]){number(1), average, average}, MTP_E_ARG,
                "'1' is no level of 'setting'; there are 'RCT', 'RW'");
    check_wrong(d, (const mtp_design_at[]){average, number(3), average}, MTP_E_ARG,
                "'3' is no level of 'dose'; there are '0', '1', '2', '10'");
    check_wrong(d, (const mtp_design_at[]){average, average, text("x")}, MTP_E_ARG,
                "'year' is a number; 'x' is none");
    check_wrong(d, (const mtp_design_at[]){average, average, number((double)NAN)},
                MTP_E_DATA, "the value of 'year' is not a finite number");
    mtp_design_free(d);
    d = build("poly(year, 2)");
    check_wrong(d, (const mtp_design_at[]){number(1e300)}, MTP_E_DATA,
                "'poly(year, 2): 2' is beyond the largest number here");
    mtp_design_free(d);
}

/* Where a column was left out, some means cannot be told. */
static void not_estimable(void **state)
{
    mtp_design *d = build_dropping("factor(dose)*product");

    (void)state;
    check_wrong(d, (const mtp_design_at[]){number(1), text("Ide")}, MTP_E_DEGENERATE,
                "no estimate here: no study has factor(dose): 1 together with product: "
                "Ide");
    check_wrong(d, (const mtp_design_at[]){average, text("Ide")}, MTP_E_DEGENERATE,
                "no estimate here: no study has factor(dose): 1 together with product: "
                "Ide");
    check_row(d, (const mtp_design_at[]){number(10), text("Axi")},
              (const double[]){1, 0, 0, 1, 0, 0, 0, 0, 0});
    mtp_design_free(d);

    d = build_dropping("year + triple + constant");
    check_row(d, (const mtp_design_at[]){number(2000), number(6000), number(3)},
              (const double[]){1, 2000});
    check_wrong(d, (const mtp_design_at[]){number(2000), number(6001), number(3)},
                MTP_E_DEGENERATE,
                "no estimate here: 'triple' is 3 times 'year' in every study, but not "
                "here");
    check_wrong(d, (const mtp_design_at[]){number(2000), number(6000), number(4)},
                MTP_E_DEGENERATE,
                "no estimate here: 'constant' is 3 in every study, as the intercept is "
                "1, but not here");
    check_row(d, (const mtp_design_at[]){average, average, average},
              (const double[]){1, 2014.9});
    mtp_design_free(d);
}

/* Every allocation fails once: an error, no leak. The values are those of a study. */
static void without_memory(void **state)
{
    static const char formula[] = "product*factor(dose) + poly(year, 2) + rcs(year, 3)"
                                  " + constant + triple + one";
    const mtp_design_ref ref = {"product", "Ide"};
    const mtp_design_at at[] = {text("Ide"), number(2),    number(2012),
                                number(3),   number(6036), text("all")};
    mtp_design_options options;
    mtp_status status = MTP_E_NOMEM;
    size_t n = 0;

    (void)state;
    mtp_design_options_init(&options, sizeof options);
    options.drop = true;
    options.refs = &ref;
    options.n_refs = 1;
    while (status == MTP_E_NOMEM) {
        mtp_design *d = NULL;
        double row[32];
        size_t found;

        mtp_arena_fail_after(++n);
        status = try_build(formula, &options, &d, NULL);
        if (status == MTP_OK) {
            status = mtp_design_row(d, at, row, NULL);
        }
        if (status == MTP_OK) {
            status =
                mtp_formula_find_term(d->formula, "factor(dose):product", &found, NULL);
        }
        mtp_arena_fail_after(0);
        mtp_design_free(d);
    }
    assert_int_equal(status, MTP_OK);
    assert_true(n > 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(levels_and_numbers),
        cmocka_unit_test(averages),
        cmocka_unit_test(averages_are_means_of_rows),
        cmocka_unit_test(rows_of_studies),
        cmocka_unit_test(wrong_values),
        cmocka_unit_test(not_estimable),
        cmocka_unit_test(without_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
