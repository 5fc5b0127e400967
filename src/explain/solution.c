/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "explain/solution.h"

#include "core/number.h"
#include "explain/layout.h"
#include "text/display.h"

#include <float.h>
#include <math.h>
#include <string.h>

#define ROUNDING (8.0 * DBL_EPSILON) /* of a sum, what its terms leave */

enum { DIGITS_MAX = 17, INDENT = 2, GIVEN_MAX = 13 };

/* Half a unit of the last of so many significant digits. */
static double half_unit(double value, int digits)
{
    return 0.5 * pow(10.0, floor(log10(fabs(value))) - digits + 1.0);
}

bool mtp_solution_within(double computed, double value, double shown, double half)
{
    double clear = half * (1.0 - 1e-5), tie = half * (1.0 + 1e-9);

    return fabs(computed - shown) <= (fabs(value - shown) <= clear ? clear : tie);
}

bool mtp_solution_same_digits(double computed, double value, int digits)
{
    char text[MTP_NUMBER_TEXT];
    double shown = value;

    if (value == 0.0 || !isfinite(value)) {
        return computed == value || (isnan(value) && isnan(computed));
    }
    mtp_figure_text(value, digits, text, sizeof text);
    (void)mtp_number_parse(text, strlen(text), &shown);
    return mtp_solution_within(computed, value, shown, half_unit(value, digits));
}

bool mtp_solution_agrees(mtp_solution *s, const char *name, mtp_figure made,
                         double figure)
{
    /* below DBL_MIN numbers have fewer digits the smaller they are */
    double tolerance = 64.0 * made.error + 1e-11 * fabs(figure) + DBL_MIN;
    bool muted = s->muted;

    if (isnan(figure) || fabs(made.value - figure) <= tolerance ||
        made.value == figure) {
        return true;
    }
    s->disagreements++;
    s->muted = false;
    mtp_solution_text(s,
                      "Internal error: the formula for %s gives %s, the analysis %s. "
                      "The line is left out; please report this.",
                      name, mtp_number_brief(made.value, 15).text,
                      mtp_number_brief(figure, 15).text);
    s->muted = muted;
    return false;
}

/* How many digits the numbers of a line need, so that they give the digits of its
 * result; fewer of these where no number of digits does. */
static int digits_needed(const mtp_solution *s, const mtp_expr *e, double value,
                         int *digits)
{
    for (; *digits > 1; (*digits)--) {
        for (int shown = s->digits; shown <= DIGITS_MAX; shown++) {
            mtp_figure f = mtp_expr_value(e, &s->scope, 0, shown);

            if (mtp_solution_same_digits(f.value, value, *digits)) {
                return shown;
            }
        }
    }
    return DIGITS_MAX;
}

enum { PARTS = 4 };

/* "name = formula = numbers = value" on one line, or on one for each if it is long, and
 * these broken where they are too long. */
static void put_text_parts(mtp_solution *s, const mtp_strbuf part[PARTS])
{
    size_t total = INDENT, head = INDENT + mtp_display_width(part[0].text);

    for (int i = 0; i < PARTS; i++) {
        total += part[i].length > 0 ? part[i].length + 3 : 0;
    }
    mtp_strbuf_add_repeated(s->out, ' ', INDENT);
    mtp_strbuf_add(s->out, part[0].text);
    for (int i = 1, n = 0; i < PARTS; i++) {
        if (part[i].length == 0) {
            continue;
        }
        if (total <= s->width) {
            mtp_strbuf_printf(s->out, " = %s", part[i].text);
            continue;
        }
        if (n++ > 0) {
            mtp_strbuf_add_char(s->out, '\n');
            mtp_strbuf_add_repeated(s->out, ' ', head);
        }
        mtp_strbuf_add(s->out, " = ");
        mtp_layout_add(s->out, part[i].text, head + 3, s->width);
    }
    mtp_strbuf_add_char(s->out, '\n');
}

static void put_parts(mtp_solution *s, const mtp_strbuf part[PARTS])
{
    bool html = s->format == MTP_FORMAT_HTML;

    if (s->failed) {
        return;
    }
    mtp_solution_begin(s, true);
    if (s->format == MTP_FORMAT_TEXT) {
        put_text_parts(s, part);
        return;
    }
    mtp_strbuf_add(
        s->out, html ? "<div class=\"line\"><math displaystyle=\"true\"><mrow>" : "$$");
    for (int i = 0; i < PARTS; i++) {
        if (part[i].length > 0) {
            mtp_strbuf_add(s->out, i == 0 ? "" : html ? "<mo>=</mo>" : " = ");
            mtp_strbuf_add(s->out, html ? "<mrow>" : "");
            mtp_strbuf_add(s->out, part[i].text);
            mtp_strbuf_add(s->out, html ? "</mrow>" : "");
        }
    }
    mtp_strbuf_add(s->out, html ? "</mrow></math></div>\n" : "$$\n");
}

/* What is given stands once, in full, unless it was computed; a step that changes
 * nothing does not stand. */
static void drop_repetitions(const mtp_solution *s, const mtp_expr *e,
                             mtp_strbuf part[PARTS])
{
    if (s->failed) {
        return;
    }
    if (e->kind == MTP_EXPR_NEGATE) {
        e = e->part[0];
    }
    if (e->kind == MTP_EXPR_NUMBER) {
        part[strlen(e->text) > GIVEN_MAX ? 1 : 3].length = 0;
        part[2].length = 0;
        return;
    }
    if (strcmp(part[2].text, part[3].text) == 0 || strcmp(part[2].text, "-0") == 0 ||
        strcmp(part[2].text, part[1].text) == 0) {
        part[2].length = 0;
    }
    if (strcmp(part[1].text, part[3].text) == 0) {
        part[1].length = 0;
    }
}

static void put_line(mtp_solution *s, const char *name, const mtp_expr *e, double value,
                     int digits)
{
    mtp_notation notation = mtp_solution_notation(s);
    const mtp_expr *symbol = mtp_expr_parse(s->arena, name);
    mtp_expr_look look = {notation, NULL, 0, 0};
    char text[MTP_NUMBER_TEXT];
    mtp_strbuf part[PARTS];

    for (int i = 0; i < PARTS; i++) {
        mtp_strbuf_init(&part[i]);
        mtp_strbuf_add(&part[i], "");
    }
    if (symbol) {
        mtp_expr_write(&part[0], symbol, &look);
    }
    mtp_expr_write(&part[1], e, &look);
    look.digits = digits_needed(s, e, value, &digits);
    look.scope = &s->scope;
    mtp_figure_text(value, digits, text, sizeof text);
    mtp_expr_write_number(&part[3], text, notation);
    mtp_expr_write(&part[2], e, &look);
    for (int i = 0; i < PARTS; i++) {
        s->failed = s->failed || part[i].failed;
    }
    drop_repetitions(s, e, part);
    s->failed = s->failed || !symbol;
    put_parts(s, part);
    for (int i = 0; i < PARTS; i++) {
        mtp_strbuf_free(&part[i]);
    }
}

/* The size of what is added up in a formula. */
static double size_of(const mtp_solution *s, const mtp_expr *e)
{
    const mtp_expr *last = e->n > 0 ? e->part[e->n - 1] : NULL;

    switch (e->kind) {
    case MTP_EXPR_ADD:
    case MTP_EXPR_SUBTRACT:
        return fmax(size_of(s, e->part[0]), size_of(s, last));
    case MTP_EXPR_DIVIDE:
        return size_of(s, e->part[0]) /
               fabs(mtp_expr_value(last, &s->scope, 0, MTP_EXACT).value);
    default:
        return fabs(mtp_expr_value(e, &s->scope, 0, MTP_EXACT).value);
    }
}

double mtp_solution_line(mtp_solution *s, const char *name, const char *formula,
                         double figure)
{
    const mtp_expr *e = mtp_expr_parse(s->arena, formula);
    mtp_figure f;

    if (!e) {
        s->failed = true;
        return figure;
    }
    f = mtp_expr_value(e, &s->scope, 0, MTP_EXACT);
    if (isnan(figure) && fabs(f.value) <= ROUNDING * size_of(s, e)) {
        f.value = 0.0; /* nothing is left but rounding */
    }
    if (isfinite(figure) && !isfinite(f.value)) {
        mtp_solution_text(s,
                          "In the formulas that lead to `%s` all digits cancel; it is "
                          "given.",
                          name);
        mtp_solution_given(s, name, figure);
        return figure;
    }
    if (f.value == 0.0 && fabs(figure) <= 64.0 * f.error + DBL_MIN) {
        figure = (double)NAN; /* what the analysis has is rounding too */
    }
    if (mtp_solution_agrees(s, name, f, figure) && !s->muted) {
        put_line(s, name, e, isnan(figure) ? f.value : figure, s->digits);
    }
    if (!isnan(figure)) {
        f = (mtp_figure){figure, DBL_EPSILON * fabs(figure)};
    }
    mtp_scope_set(&s->scope, name, f);
    return f.value;
}

double mtp_solution_linef(mtp_solution *s, const char *name, double figure,
                          const char *format, ...)
{
    va_list args;
    const char *formula;

    va_start(args, format);
    formula = mtp_arena_vprintf(s->arena, format, args);
    va_end(args);
    return mtp_solution_line(s, name, formula, figure);
}

void mtp_solution_know(mtp_solution *s, const char *name, double value)
{
    mtp_scope_set(&s->scope, name, (mtp_figure){value, 0.0});
}

void mtp_solution_given(mtp_solution *s, const char *name, double value)
{
    char text[MTP_NUMBER_TEXT];

    mtp_number_format(value, text);
    (void)mtp_solution_line(s, name, text, value);
}
