/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_TEST_FOREST_PICTURE_H
#define MTP_TEST_FOREST_PICTURE_H

#include "core/number.h"
#include "support/test.h"
#include "unit/plot/forest_sample.h"

#include <stdlib.h>

/* An SVG that is read back. */

/* An SVG with the map from points to values that its own ticks give. */
typedef struct picture {
    sample *sample;
    mtp_forest *forest;
    char *svg;
    double origin, scale; /* value = origin + scale * x */
    double left, right;   /* of the axis */
} picture;

/* Start of the n-th element (from 0) that has this class, and belongs to this row of
 * the data unless row is 0; NULL if there is none. */
static inline const char *find(const char *svg, const char *class, size_t row, size_t n)
{
    char wanted[96];

    (void)snprintf(wanted, sizeof wanted,
                   row > 0 ? " class=\"%s\" data-row=\"%zu\"" : " class=\"%s\"", class,
                   row);
    for (const char *at = strstr(svg, wanted); at; at = strstr(at + 1, wanted)) {
        if (n-- == 0) {
            return at;
        }
    }
    return NULL;
}

static inline double number_at(const char *text)
{
    double value = (double)NAN;

    assert_int_equal(mtp_number_parse(text, strspn(text, "-.0123456789"), &value),
                     MTP_NUMBER_OK);
    return value;
}

static inline double attribute(const char *element, const char *name)
{
    char wanted[32];
    const char *at;

    assert_non_null(element);
    (void)snprintf(wanted, sizeof wanted, " %s=\"", name);
    at = strstr(element, wanted);
    assert_true(at && at < strchr(element, '>'));
    return number_at(at + strlen(wanted));
}

/* Text of an element with its minus signs turned into hyphens. */
static inline void content(const char *element, char *text, size_t size)
{
    const char *from = strchr(element, '>') + 1, *to = strchr(from, '<');
    size_t length = 0;

    for (; from < to; from++) {
        assert_true(length + 1 < size);
        if (strncmp(from, "\xE2\x88\x92", 3) == 0) {
            text[length++] = '-';
            from += 2;
        } else if (strncmp(from, "\xC2\xA0", 2) == 0) { /* before a short limit */
            from++;
        } else {
            text[length++] = *from;
        }
    }
    text[length] = '\0';
}

static inline size_t count(const char *svg, const char *class)
{
    size_t n = 0;

    while (find(svg, class, 0, n)) {
        n++;
    }
    return n;
}

/* The scale from the first and the last label and the ticks beside them. */
static inline void read_scale(picture *p)
{
    size_t ticks = count(p->svg, "tick");
    const char *first = find(p->svg, "tick", 0, 0),
               *last = find(p->svg, "tick", 0, ticks - 1);
    char text[64];
    double low, high;

    content(find(p->svg, "tick-label", 0, 0), text, sizeof text);
    low = number_at(text);
    content(find(p->svg, "tick-label", 0, ticks - 1), text, sizeof text);
    high = number_at(text);
    p->left = attribute(first, "x1");
    p->right = attribute(last, "x1");
    p->scale = (high - low) / (p->right - p->left);
    p->origin = low - p->scale * p->left;
}

static inline picture draw(const sample_wish *wish)
{
    picture p = {.sample = sample_new(wish)};

    assert_int_equal(mtp_forest_new(&p.sample->bundle, &p.forest, NULL), MTP_OK);
    assert_int_equal(mtp_forest_svg(p.forest, &p.svg, NULL), MTP_OK);
    read_scale(&p);
    return p;
}

static inline void picture_free(picture *p)
{
    free(p->svg);
    mtp_forest_free(p->forest);
    sample_free(p->sample);
}

#endif
