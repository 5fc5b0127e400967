/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The functions of formulas: poly(), rcs(), factor(). */
#include "core/error.h"
#include "core/number.h"
#include "core/strbuf.h"
#include "design/formula.h"

#include <math.h>
#include <string.h>

/* A number with its sign; `where` is its place. */
static mtp_status read_number(mtp_formula_reader *r, const char *what, double *value,
                              const char **where)
{
    bool negative = mtp_reader_at(r, '-');

    *where = r->word.at;
    if (negative) {
        mtp_reader_next(r);
    }
    if (r->word.type == MTP_WORD_BAD) {
        return mtp_reader_fail(r, r->word.at, "%s", r->word.problem);
    }
    if (r->word.type != MTP_WORD_NUMBER ||
        mtp_number_parse(r->word.at, r->word.length, value) != MTP_NUMBER_OK) {
        return mtp_reader_fail(r, r->word.at, "%s", what);
    }
    *value = negative ? -*value : *value;
    mtp_reader_next(r);
    return MTP_OK;
}

static bool is_whole(double value, size_t least, size_t most)
{
    return value >= (double)least && value <= (double)most && floor(value) == value;
}

/* Behind poly(x: degree [, raw]. */
static mtp_status read_poly(mtp_formula_reader *r, mtp_leaf *leaf)
{
    static const char what[] = "poly() takes a degree behind its column: poly(x, 2)";
    double degree = 0.0;
    const char *where = r->word.at;
    mtp_status status;

    if (!mtp_reader_at(r, ',')) {
        return mtp_reader_fail(r, where, "%s", what);
    }
    mtp_reader_next(r);
    status = read_number(r, what, &degree, &where);
    if (status != MTP_OK) {
        return status;
    }
    if (!is_whole(degree, 1, MTP_POLY_DEGREE)) {
        return mtp_reader_fail(r, where,
                               "the degree of poly() is a whole number from 1 to %d",
                               MTP_POLY_DEGREE);
    }
    leaf->degree = (size_t)degree;
    if (mtp_reader_at(r, ',')) {
        mtp_reader_next(r);
        if (r->word.type != MTP_WORD_NAME || r->word.length != 3 ||
            strncmp(r->word.at, "raw", 3) != 0) {
            return mtp_reader_fail(r, r->word.at,
                                   "behind the degree there may be the word raw alone: "
                                   "poly(x, 2, raw)");
        }
        leaf->raw = true;
        mtp_reader_next(r);
    }
    return MTP_OK;
}

/* The numbers of rcs(x: a count, or knots. */
static mtp_status finish_rcs(mtp_formula_reader *r, mtp_leaf *leaf, size_t n,
                             const double number[], const char *where)
{
    double *knots;

    if (n == 1) {
        if (!is_whole(number[0], 3, 7)) {
            return mtp_reader_fail(r, where,
                                   "rcs() places 3 to 7 knots: rcs(x, 3); or name "
                                   "three or more: rcs(x, 5, 10, 20)");
        }
        leaf->n_knots = (size_t)number[0];
        return MTP_OK;
    }
    if (n == 2) {
        return mtp_reader_fail(r, where, "rcs() needs at least three knots");
    }
    for (size_t i = 1; i < n; i++) {
        if (!(number[i] > number[i - 1])) {
            return mtp_reader_fail(r, where, "the knots of rcs() must increase");
        }
    }
    knots = MTP_ARENA_ARRAY(r->arena, n, double);
    if (!knots) {
        return mtp_fail_nomem(r->err);
    }
    memcpy(knots, number, n * sizeof *knots);
    leaf->n_knots = n;
    leaf->knots = knots;
    return MTP_OK;
}

static mtp_status read_rcs(mtp_formula_reader *r, mtp_leaf *leaf)
{
    static const char what[] =
        "rcs() takes a number of knots, or knots, behind its column: rcs(x, 3)";
    double number[MTP_RCS_KNOTS];
    const char *first = r->word.at, *where = NULL;
    size_t n = 0;

    if (!mtp_reader_at(r, ',')) {
        return mtp_reader_fail(r, first, "%s", what);
    }
    while (mtp_reader_at(r, ',')) {
        double value = 0.0;
        mtp_status status;

        mtp_reader_next(r);
        status = read_number(r, what, &value, &where);
        if (status != MTP_OK) {
            return status;
        }
        if (n == MTP_RCS_KNOTS) {
            return mtp_reader_fail(r, where, "rcs() has at most %d knots",
                                   MTP_RCS_KNOTS);
        }
        first = n == 0 ? where : first;
        number[n++] = value;
    }
    return finish_rcs(r, leaf, n, number, first);
}

/* The leaf's name from its parts, in one spelling. */
static const char *call_name(mtp_arena *arena, const mtp_leaf *leaf, const char *inner)
{
    mtp_strbuf b;
    const char *name;

    mtp_strbuf_init(&b);
    if (leaf->kind == MTP_LEAF_FACTOR) {
        mtp_strbuf_printf(&b, "factor(%s)", inner);
    } else if (leaf->kind == MTP_LEAF_POLY) {
        mtp_strbuf_printf(&b, "poly(%s, %zu%s)", inner, leaf->degree,
                          leaf->raw ? ", raw" : "");
    } else if (!leaf->knots) {
        mtp_strbuf_printf(&b, "rcs(%s, %zu)", inner, leaf->n_knots);
    } else {
        mtp_strbuf_printf(&b, "rcs(%s", inner);
        for (size_t i = 0; i < leaf->n_knots; i++) {
            mtp_strbuf_add(&b, ", ");
            mtp_strbuf_add_number(&b, leaf->knots[i]);
        }
        mtp_strbuf_add_char(&b, ')');
    }
    name = b.failed ? NULL : mtp_arena_strdup(arena, b.text);
    mtp_strbuf_free(&b);
    return name;
}

static bool word_is(const mtp_word *w, const char *name)
{
    return w->length == strlen(name) && strncmp(w->at, name, w->length) == 0;
}

/* The function that the name ahead, with a parenthesis behind it, calls. */
static mtp_status kind_of_call(const mtp_formula_reader *r, mtp_leaf_kind *kind)
{
    const mtp_word *w = &r->word;

    if (word_is(w, "factor")) {
        *kind = MTP_LEAF_FACTOR;
    } else if (word_is(w, "poly")) {
        *kind = MTP_LEAF_POLY;
    } else if (word_is(w, "rcs")) {
        *kind = MTP_LEAF_RCS;
    } else {
        return mtp_reader_fail(r, w->at,
                               "a formula has the functions poly(), rcs() and "
                               "factor(); any other is SQL, in parentheses of its own: "
                               "(ln(x)), (sqrt(x))");
    }
    return MTP_OK;
}

mtp_status mtp_read_call(mtp_formula_reader *r, mtp_leaf *leaf, mtp_leaf_source *from)
{
    mtp_status status = kind_of_call(r, &leaf->kind);

    if (status != MTP_OK) {
        return status;
    }
    /* What is in the parentheses is read word by word, not as SQL. */
    r->word = mtp_word_at(strchr(r->word.at + r->word.length, '(') + 1);
    if (r->word.type == MTP_WORD_BAD) {
        return mtp_reader_fail(r, r->word.at, "%s", r->word.problem);
    }
    if (mtp_word_is_call(&r->word)) {
        return mtp_reader_fail(r, r->word.at,
                               "an expression inside a function stands in parentheses "
                               "of its own: poly((x / 10), 2)");
    }
    status = mtp_read_source(r, from);
    if (status == MTP_OK && leaf->kind == MTP_LEAF_POLY) {
        status = read_poly(r, leaf);
    } else if (status == MTP_OK && leaf->kind == MTP_LEAF_RCS) {
        status = read_rcs(r, leaf);
    }
    if (status != MTP_OK) {
        return status;
    }
    if (!mtp_reader_at(r, ')')) {
        return mtp_reader_fail(r, r->word.at, "here a closing parenthesis is due");
    }
    mtp_reader_next(r);
    from->name = call_name(r->arena, leaf, from->inner);
    return from->name ? MTP_OK : mtp_fail_nomem(r->err);
}
