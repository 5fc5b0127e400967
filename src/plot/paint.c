/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rules that turn the default colours into those of a theme, and the exceptions. */
#include "plot/paint.h"

#include "core/names.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

MTP_NAMES(theme, mtp_theme, MTP_THEME_LIST, MTP_THEME_COUNT)

#define DARK_PAGE   22.0  /* of 255: #161616 */
#define DARK_TEXT   240.0 /* what black becomes on it */
#define LIGHT_LINE  128.0 /* luma: lighter lines stay apart from black ones */
#define FAINT_LINE  0x66  /* the grey of the others in high contrast */
#define WHITE_START 250.0 /* luma from which a colour is white */

/* Colours that a rule would not choose. NULL: by the rule. */
static const struct exception {
    mtp_theme theme;
    mtp_mark mark;
    const char *fill, *stroke;
} exceptions[] = {
    /* Tol's medium-contrast pale blue, yellow and red, and high-contrast blue. */
    {MTP_THEME_HIGH_CONTRAST, MTP_MARK_SQUARE, "#6699cc", NULL},
    {MTP_THEME_HIGH_CONTRAST, MTP_MARK_SQUARE_BLUE, "#6699cc", NULL},
    {MTP_THEME_HIGH_CONTRAST, MTP_MARK_SQUARE_GREEN, "#eecc66", NULL},
    {MTP_THEME_HIGH_CONTRAST, MTP_MARK_SQUARE_RED, "#ee99aa", NULL},
    {MTP_THEME_HIGH_CONTRAST, MTP_MARK_SQUARE_NAVY, "#6699cc", NULL},
    {MTP_THEME_HIGH_CONTRAST, MTP_MARK_STUDY, "#6699cc", NULL},
    {MTP_THEME_HIGH_CONTRAST, MTP_MARK_DIAMOND_RANDOM, "#004488", NULL},
    {MTP_THEME_HIGH_CONTRAST, MTP_MARK_DIAMOND_LIGHT, "#6699cc", NULL},
    {MTP_THEME_HIGH_CONTRAST, MTP_MARK_CENTER, NULL, "#004488"},
    /* Okabe and Ito's blue, bluish green, vermillion, sky blue, yellow. */
    {MTP_THEME_DARK, MTP_MARK_SQUARE, "#0072b2", NULL},
    {MTP_THEME_DARK, MTP_MARK_SQUARE_BLUE, "#0072b2", NULL},
    {MTP_THEME_DARK, MTP_MARK_SQUARE_NAVY, "#0072b2", NULL},
    {MTP_THEME_DARK, MTP_MARK_SQUARE_GREEN, "#009e73", NULL},
    {MTP_THEME_DARK, MTP_MARK_SQUARE_RED, "#d55e00", NULL},
    {MTP_THEME_DARK, MTP_MARK_STUDY, "#0072b2", "#f0f0f0"},
    {MTP_THEME_DARK, MTP_MARK_DIAMOND_RANDOM, "#56b4e9", "#56b4e9"},
    {MTP_THEME_DARK, MTP_MARK_DIAMOND_COMMON, NULL, "#56b4e9"},
    {MTP_THEME_DARK, MTP_MARK_CENTER, NULL, "#56b4e9"},
    {MTP_THEME_DARK, MTP_MARK_ROB_LOW, "#009e73", "#f0f0f0"},
    {MTP_THEME_DARK, MTP_MARK_ROB_SOME, "#f0e442", "#f0f0f0"},
    {MTP_THEME_DARK, MTP_MARK_ROB_HIGH, "#d55e00", "#f0f0f0"},
    {MTP_THEME_DARK, MTP_MARK_ROB_UNCLEAR, "#c9d6df", "#f0f0f0"},
    {MTP_THEME_DARK, MTP_MARK_ROB_SIGN, NULL, "#000000"},
};

static unsigned hex_digit(char digit)
{
    return digit <= '9' ? (unsigned)(digit - '0') : (unsigned)(digit - 'a') + 10U;
}

void mtp_colour_read(const char *colour, double rgb[3])
{
    for (size_t i = 0; i < 3; i++) {
        rgb[i] = 16.0 * hex_digit(colour[1 + 2 * i]) + hex_digit(colour[2 + 2 * i]);
    }
}

static void write_colour(const double rgb[3], char colour[MTP_COLOUR_TEXT])
{
    unsigned byte[3];

    for (int i = 0; i < 3; i++) {
        byte[i] = (unsigned)lround(fmin(fmax(rgb[i], 0.0), 255.0));
    }
    (void)snprintf(colour, MTP_COLOUR_TEXT, "#%02x%02x%02x", byte[0] & 255U,
                   byte[1] & 255U, byte[2] & 255U);
}

/* Rec. 601: how light a colour looks, 0 to 255. */
static double luma(const double rgb[3])
{
    return 0.299 * rgb[0] + 0.587 * rgb[1] + 0.114 * rgb[2];
}

double mtp_colour_luminance(const char *colour)
{
    static const double weight[] = {0.2126, 0.7152, 0.0722};
    double rgb[3], sum = 0.0;

    mtp_colour_read(colour, rgb);
    for (int i = 0; i < 3; i++) {
        double v = rgb[i] / 255.0;

        sum += weight[i] * (v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4));
    }
    return sum;
}

/* The grey of the same luminance. */
static void to_grey(const char *colour, char out[MTP_COLOUR_TEXT])
{
    double y = mtp_colour_luminance(colour);
    double v = 255.0 * (y <= 0.0031308 ? 12.92 * y : 1.055 * pow(y, 1.0 / 2.4) - 0.055);

    write_colour((double[]){v, v, v}, out);
}

/* Light becomes dark, the hue stays. */
static void to_dark(const char *colour, char out[MTP_COLOUR_TEXT])
{
    double rgb[3], turn;

    mtp_colour_read(colour, rgb);
    turn = 255.0 - 2.0 * luma(rgb);
    for (int i = 0; i < 3; i++) {
        double v = fmin(fmax(rgb[i] + turn, 0.0), 255.0);

        rgb[i] = DARK_PAGE + v / 255.0 * (DARK_TEXT - DARK_PAGE);
    }
    write_colour(rgb, out);
}

/* Lines and text are black, or one grey; white ones stay, for they lie on colours. */
static void to_black(const char *colour, char out[MTP_COLOUR_TEXT])
{
    double rgb[3], v;

    mtp_colour_read(colour, rgb);
    v = luma(rgb) >= WHITE_START ? 255.0 : luma(rgb) > LIGHT_LINE ? FAINT_LINE : 0.0;
    write_colour((double[]){v, v, v}, out);
}

/* By the rule of a theme; `ink`: of a line or of text. */
static void turn(mtp_theme theme, const char *colour, bool ink,
                 char out[MTP_COLOUR_TEXT])
{
    out[0] = '\0';
    if (!colour) {
        return;
    }
    if (theme == MTP_THEME_GREYSCALE) {
        to_grey(colour, out);
    } else if (theme == MTP_THEME_DARK) {
        to_dark(colour, out);
    } else if (theme == MTP_THEME_HIGH_CONTRAST && ink) {
        to_black(colour, out);
    } else {
        memcpy(out, colour, MTP_COLOUR_TEXT);
    }
}

mtp_paint mtp_paint_of(mtp_theme theme, mtp_mark mark)
{
    const mtp_mark_style *style = mtp_mark_get(mark);
    mtp_paint paint;

    turn(theme, style->fill, style->text_size > 0.0, paint.fill);
    turn(theme, style->stroke, true, paint.stroke);
    for (size_t i = 0; i < sizeof exceptions / sizeof exceptions[0]; i++) {
        const struct exception *other = &exceptions[i];

        if (other->theme == theme && other->mark == mark) {
            if (other->fill) {
                memcpy(paint.fill, other->fill, MTP_COLOUR_TEXT);
            }
            if (other->stroke) {
                memcpy(paint.stroke, other->stroke, MTP_COLOUR_TEXT);
            }
        }
    }
    return paint;
}

const char *mtp_paint_page(mtp_theme theme)
{
    return theme == MTP_THEME_DARK ? "#161616" : "#ffffff";
}
