/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Formulas: what they are worth, how they are written, what a line does that disagrees.
 * Values by hand, or from tables of the distributions. */
#include "explain/solution.h"
#include "support/test.h"

#include <math.h>
#include <string.h>

static mtp_scope scope_of(mtp_arena *arena)
{
    static const double w[] = {2.0, 3.0}, y[] = {0.5, -1.0};
    mtp_scope scope = {.arena = arena, .k = 2};

    mtp_scope_set(&scope, "mu", (mtp_figure){-0.4, 0.0});
    mtp_scope_set(&scope, "tau2", (mtp_figure){0.25, 0.0});
    mtp_scope_set(&scope, "n1", (mtp_figure){40.0, 0.0});
    mtp_scope_set_column(&scope, "w_i", w, NULL);
    mtp_scope_set_column(&scope, "y_i", y, NULL);
    return scope;
}

static void formulas_have_the_value_of_their_text(void **state)
{
    static const struct {
        const char *formula;
        double value;
    } cases[] = {
        {"2 + 3 * 4^2", 50.0},
        {"2 - 3 - 4", -5.0},
        {"16 / 4 / 2", 2.0},
        {"-mu^2", -0.16},
        {"2^-1", 0.5},
        {"sum(w_i * y_i) / sum(w_i)", -0.4},
        {"sum(w_i * (y_i - mu)^2)", 2.0 * 0.81 + 3.0 * 0.36},
        {"max(0, mu) + min(1, n1)", 1.0},
        {"sqrt(tau2) + abs(mu)", 0.9},
        {"exp(ln(n1))", 40.0},
        {"z(0.975)", 1.959963984540054},
        {"t(0.975, 1)", 12.706204736174704},
        {"chi2(0.95, 2)", 5.991464547107979},
        {"upper_chi2(5.991464547107979, 2)", 0.05},
        {"2 * upper_t(12.706204736174704, 1)", 0.05},
        {"upper_F(1, 3, 3)", 0.5},
        {"upper_z(0)", 0.5},
        {"exp(lnfact(5))", 120.0},
        {"lnfact(1) + lnfact(0)", 0.0},
        /* sums of 128 terms by mpmath, 40 digits */
        {"sumln(0.560883, 128)", 493.8125231089037139},
        {"suminv(0.560883, 128)", 6.5434928144704807534},
        {"suminv2(0.560883, 128)", 4.0577640048976164853},
        {"exp(sumln(5, -3))", 1.0 / 24.0},
        {"sumln(7, 0) + suminv(7, 0)", 0.0},
        {"J(4)", 0.7978845608028654}, /* sqrt(2 / pi) */
        /* mpmath.hyp2f1, and quadrature of npdf(x) ncdf((k - r x) / sqrt(1 - r^2)) */
        {"hyp(0.5, 0.5, 9, 0.91)", 1.0284602562467698},
        {"hyp(1, 1, 1.5, 0.99)", 14.780376623747748},
        {"Phi2(0.5, -0.3, 0.6)", 0.3436225301112108},
        {"Phi2(0.5, -0.3, -0.6)", 0.17514313883255701},
    };
    mtp_arena *arena = mtp_arena_new();
    mtp_scope scope = scope_of(arena);

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        mtp_expr *e = mtp_expr_parse(arena, cases[i].formula);
        mtp_figure f = mtp_expr_value(e, &scope, 0, MTP_EXACT);

        assert_close(f.value, cases[i].value, 1e-13, 1e-15);
        assert_true(f.error < 1e-11);
    }
    assert_true(isnan(
        mtp_expr_value(mtp_expr_parse(arena, "nobody"), &scope, 0, MTP_EXACT).value));
    mtp_arena_free(arena);
}

/* y - mu where both are near 1e6 has lost what rounding of them took. */
static void cancellation_is_in_the_bound(void **state)
{
    mtp_arena *arena = mtp_arena_new();
    mtp_scope scope = {.arena = arena};
    mtp_figure f;

    (void)state;
    mtp_scope_set(&scope, "a", (mtp_figure){1e6 + 0.1, 1e-10});
    mtp_scope_set(&scope, "b", (mtp_figure){1e6, 1e-10});
    f = mtp_expr_value(mtp_expr_parse(arena, "a - b"), &scope, 0, MTP_EXACT);
    assert_true(f.error >= 2e-10 && f.error < 3e-10);
    mtp_arena_free(arena);
}

static void one_tree_has_three_notations(void **state)
{
    static const struct {
        const char *formula, *text, *latex, *numbers;
    } cases[] = {
        {"1 / (n1 + tau2)", "1 / (n1 + tau2)", "\\frac{1}{n_{1} + \\tau^2}",
         "1 / (40 + 0.25)"},
        {"mu - 2 * mu", "mu - 2 * mu", "\\hat\\mu - 2 \\hat\\mu", "-0.4 - 2 * (-0.4)"},
        {"n1 - (mu - tau2)", "n1 - (mu - tau2)",
         "n_{1} - \\left(\\hat\\mu - \\tau^2\\right)", "40 - (-0.4 - 0.25)"},
        {"mu^2 / 3", "mu^2 / 3", "\\frac{{\\hat\\mu}^{2}}{3}", "(-0.4)^2 / 3"},
        {"sqrt(sum(w_i * y_i))", "sqrt(sum(w_i * y_i))",
         "\\sqrt{\\sum_{i} w_{i} y_{i}}", "sqrt(-2)"},
        {"t(0.975, n1)", "t(0.975, n1)", "t_{0.975; n_{1}}", "t(0.975, 40)"},
        {"upper_t(mu, n1)", "upper_t(mu, n1)",
         "P\\left(t_{n_{1}} \\ge \\hat\\mu\\right)", "upper_t(-0.4, 40)"},
    };
    mtp_arena *arena = mtp_arena_new();
    mtp_scope scope = scope_of(arena);

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        mtp_expr *e = mtp_expr_parse(arena, cases[i].formula);
        const mtp_expr_look look[] = {{MTP_NOTATION_TEXT, NULL, 0, 0},
                                      {MTP_NOTATION_LATEX, NULL, 0, 0},
                                      {MTP_NOTATION_TEXT, &scope, 0, 6}};
        const char *want[] = {cases[i].text, cases[i].latex, cases[i].numbers};

        for (int j = 0; j < 3; j++) {
            mtp_strbuf out;

            mtp_strbuf_init(&out);
            mtp_expr_write(&out, e, &look[j]);
            assert_string_equal(out.text, want[j]);
            mtp_strbuf_free(&out);
        }
    }
    mtp_arena_free(arena);
}

static void mathml_is_of_the_same_tree(void **state)
{
    const mtp_expr_look look = {MTP_NOTATION_MATHML, NULL, 0, 0};
    mtp_arena *arena = mtp_arena_new();
    mtp_strbuf out;

    (void)state;
    mtp_strbuf_init(&out);
    mtp_expr_write(&out, mtp_expr_parse(arena, "a / n1^2"), &look);
    assert_string_equal(out.text,
                        "<mfrac><mrow><mi>a</mi></mrow><mrow><msup><mrow><msub>"
                        "<mrow><mi>n</mi></mrow><mrow><mi>1</mi></mrow></msub>"
                        "</mrow><mrow><mn>2</mn></mrow></msup></mrow></mfrac>");
    mtp_strbuf_free(&out);
    mtp_arena_free(arena);
}

static mtp_solution solution_to(mtp_arena *arena, mtp_strbuf *out)
{
    mtp_strbuf_init(out);
    return (mtp_solution){.format = MTP_FORMAT_TEXT,
                          .digits = 4,
                          .width = 80,
                          .arena = arena,
                          .out = out,
                          .scope = scope_of(arena)};
}

static void numbers_have_the_digits_that_the_line_needs(void **state)
{
    mtp_arena *arena = mtp_arena_new();
    mtp_strbuf out;
    mtp_solution s = solution_to(arena, &out);

    (void)state;
    mtp_solution_know(&s, "a", 1.0000123456);
    mtp_solution_know(&s, "b", 1.0);
    (void)mtp_solution_line(&s, "d", "a - b", (double)NAN);
    /* with 1.000 the line would give 0; 1.00001235 gives 1.235e-05 */
    assert_string_equal(out.text, "  d = a - b = 1.00001235 - 1 = 1.235e-05\n");
    mtp_strbuf_free(&out);
    mtp_arena_free(arena);
}

static void a_line_that_disagrees_is_left_out(void **state)
{
    mtp_arena *arena = mtp_arena_new();
    mtp_strbuf out;
    mtp_solution s = solution_to(arena, &out);

    (void)state;
    (void)mtp_solution_line(&s, "half", "n1 / 2", 20.0);
    assert_int_equal(s.disagreements, 0);
    (void)mtp_solution_line(&s, "third", "n1 / 3", 13.3);
    assert_int_equal(s.disagreements, 1);
    assert_non_null(strstr(out.text, "  half = n1 / 2 = 40 / 2 = 20\n"));
    assert_non_null(strstr(out.text, "Internal error: the formula for third gives "
                                     "13.3333333333333, the analysis 13.3."));
    assert_null(strstr(out.text, "third = "));
    mtp_strbuf_free(&out);
    mtp_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(formulas_have_the_value_of_their_text),
        cmocka_unit_test(cancellation_is_in_the_bound),
        cmocka_unit_test(one_tree_has_three_notations),
        cmocka_unit_test(mathml_is_of_the_same_tree),
        cmocka_unit_test(numbers_have_the_digits_that_the_line_needs),
        cmocka_unit_test(a_line_that_disagrees_is_left_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
