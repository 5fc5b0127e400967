/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A comparison in one sentence. */
#include "core/number.h"
#include "core/strbuf.h"
#include "sensitivity/compare_job.h"

#include <math.h>
#include <string.h>

enum { NAMED = 4, DIGITS = 4, LEVEL_DIGITS = 12 };

static void add_figure(mtp_strbuf *to, double value, int digits)
{
    char text[MTP_NUMBER_TEXT];

    mtp_number_significant(value, digits, text, sizeof text);
    mtp_strbuf_add(to, text);
}

/* "an odds ratio". */
static void add_natural(mtp_strbuf *to, const mtp_measure_info *measure)
{
    bool vowel = strchr("aeiouR", measure->natural[0]) != NULL;

    mtp_strbuf_printf(to, "%s %s", vowel ? "an" : "a", measure->natural);
}

/* "95% limits that exclude an odds ratio of 1". */
static void add_exclusion(mtp_strbuf *to, const mtp_comparison *r)
{
    add_figure(to, 100.0 * r->level, LEVEL_DIGITS);
    mtp_strbuf_add(to, "% limits that exclude ");
    add_natural(to, r->measure);
    mtp_strbuf_add(to, " of ");
    mtp_strbuf_add_number(to, r->null_value);
}

/* How the flips lie among the values of one choice. */
typedef struct pattern {
    size_t values, flipping; /* with an answer; of these, with a flip */
    size_t rows;             /* with a flipping value */
    bool complete;           /* these rows all flip */
} pattern;

static pattern pattern_of(const mtp_comparison *r, int choice)
{
    pattern p = {.complete = true};

    for (size_t i = 0; i < r->choice[choice].n; i++) {
        const mtp_comparison_count *count = &r->choice[choice].value[i].count;

        p.values += count->n > 0;
        if (count->flipped > 0) {
            p.flipping++;
            p.rows += count->n;
            p.complete &= count->flipped == count->n;
        }
    }
    return p;
}

/* Few enough values to be named, those that flip or those that do not. */
static bool is_brief(const pattern *p)
{
    return p->flipping < p->values &&
           (p->flipping <= NAMED || p->values - p->flipping <= NAMED);
}

/* The choice that the flips follow best: all rows of some values and no other, or the
 * fewest rows; MTP_CHOICE_COUNT: none. Of equals the last: an interval is what changes
 * a conclusion most often. */
static int best_choice(const mtp_comparison *r)
{
    int best = MTP_CHOICE_COUNT;
    size_t fewest = r->intervals.n;

    for (int c = MTP_CHOICE_COUNT - 1; c >= 0; c--) {
        pattern p = pattern_of(r, c);

        if (is_brief(&p) && p.complete) {
            return c;
        }
        if (is_brief(&p) && p.rows < fewest) {
            fewest = p.rows;
            best = c;
        }
    }
    return best;
}

/* "with the interval kr (1) or pl (14 of 15)"; the others where those are fewer. */
static void add_values(mtp_strbuf *to, const mtp_comparison *r, int choice,
                       const pattern *p)
{
    bool others = p->flipping > NAMED;
    size_t left = others ? p->values - p->flipping : p->flipping;

    mtp_strbuf_printf(to, "with %s%s ", others ? "another " : "the ",
                      mtp_choice_label((mtp_choice)choice));
    mtp_strbuf_add(to, others ? "than " : "");
    for (size_t i = 0; i < r->choice[choice].n; i++) {
        const mtp_choice_value *value = &r->choice[choice].value[i];

        if (value->count.n == 0 || (value->count.flipped > 0) == others) {
            continue;
        }
        mtp_strbuf_add(to, value->id);
        if (!others && p->complete && p->flipping > 1) {
            mtp_strbuf_printf(to, " (%zu)", value->count.n);
        } else if (!others && !p->complete) {
            mtp_strbuf_printf(to, " (%zu of %zu)", value->count.flipped,
                              value->count.n);
        }
        left--;
        mtp_strbuf_add(to, left > 1 ? ", " : left == 1 ? " or " : "");
    }
}

/* What the rows that flip have in common. */
static void add_reason(mtp_strbuf *to, const mtp_comparison *r)
{
    int best = best_choice(r);
    pattern p;

    if (best == MTP_CHOICE_COUNT) {
        mtp_strbuf_add(to, ", which no one choice explains");
        return;
    }
    p = pattern_of(r, best);
    mtp_strbuf_add(to, p.complete ? ": exactly those " : ": all ");
    add_values(to, r, best, &p);
}

/* Rows that exclude the null value as the reference does, on its other side. */
static size_t count_opposite(const mtp_comparison *r)
{
    mtp_conclusion own = r->row[r->reference].conclusion;
    size_t n = 0;

    for (size_t i = 0; i < r->n && own != MTP_CONCLUSION_INCLUDES; i++) {
        n += r->row[i].flips && r->row[i].conclusion != MTP_CONCLUSION_INCLUDES;
    }
    return n;
}

static void add_flips(mtp_strbuf *to, const mtp_comparison *r)
{
    const mtp_specification *reference = &r->row[r->reference];
    size_t opposite = count_opposite(r);

    if (reference->conclusion == MTP_CONCLUSION_NONE) {
        mtp_strbuf_add(to, "; the chosen one (");
        mtp_strbuf_add(to, reference->name);
        mtp_strbuf_add(to, ") has no answer, so that nothing can flip");
        return;
    }
    mtp_strbuf_add(to, "; the conclusion of the chosen one (");
    mtp_strbuf_add(to, reference->name);
    mtp_strbuf_printf(to, ": %s) ", mtp_conclusion_label(reference->conclusion));
    if (r->intervals.flipped == 0) {
        mtp_strbuf_add(to, "flips in none");
        return;
    }
    mtp_strbuf_printf(to, "flips in %zu", r->intervals.flipped);
    if (opposite > 0) {
        mtp_strbuf_printf(to, " (on the other side of it in %zu)", opposite);
    }
    add_reason(to, r);
}

static void add_conclusions(mtp_strbuf *to, const mtp_comparison *r)
{
    size_t n = r->intervals.n, excluding = r->intervals.excluding;

    if (excluding == n) {
        mtp_strbuf_printf(to, "All %zu analyses give ", n);
    } else if (excluding == 0) {
        mtp_strbuf_printf(to, "None of %zu analyses gives ", n);
    } else {
        mtp_strbuf_printf(to, "%zu of %zu analyses give%s ", excluding, n,
                          excluding == 1 ? "s" : "");
    }
    add_exclusion(to, r);
    add_flips(to, r);
}

/* Without a null value: how far apart the answers are. */
static void add_span(mtp_strbuf *to, const mtp_comparison *r)
{
    const mtp_specification *small = &r->row[r->smallest], *large = &r->row[r->largest];
    double lowest = small->back.ci_lower, highest = small->back.ci_upper;

    for (size_t i = 0; i < r->n; i++) {
        lowest = fmin(lowest, r->row[i].back.ci_lower); /* NaN: the other */
        highest = fmax(highest, r->row[i].back.ci_upper);
    }
    mtp_strbuf_printf(to, "%zu analyses put the %s from ", r->intervals.n,
                      r->measure->natural);
    add_figure(to, small->back.estimate, DIGITS);
    mtp_strbuf_add(to, " (");
    mtp_strbuf_add(to, small->name);
    mtp_strbuf_add(to, ") to ");
    add_figure(to, large->back.estimate, DIGITS);
    mtp_strbuf_add(to, " (");
    mtp_strbuf_add(to, large->name);
    mtp_strbuf_add(to, "), and their ");
    add_figure(to, 100.0 * r->level, LEVEL_DIGITS);
    mtp_strbuf_add(to, "% limits reach from ");
    add_figure(to, lowest, DIGITS);
    mtp_strbuf_add(to, " to ");
    add_figure(to, highest, DIGITS);
    mtp_strbuf_add(to, "; there is no null value that a conclusion could rest on");
}

const char *mtp_compare_sentence(const mtp_comparison *result, mtp_arena *arena)
{
    size_t without = result->n - result->intervals.n;
    const char *made = NULL;
    mtp_strbuf text;

    mtp_strbuf_init(&text);
    if (result->intervals.n == 0) {
        mtp_strbuf_printf(&text, "None of %zu analyses has an answer", result->n);
    } else if (isnan(result->null_value)) {
        add_span(&text, result);
    } else {
        add_conclusions(&text, result);
    }
    if (without > 0 && without < result->n) {
        mtp_strbuf_printf(&text, "; %zu more %s no answer", without,
                          without == 1 ? "has" : "have");
    }
    mtp_strbuf_add(&text, ".");
    if (!text.failed) {
        made = mtp_arena_strdup(arena, text.text);
    }
    mtp_strbuf_free(&text);
    return made;
}
