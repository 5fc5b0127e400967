/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_TABLE_LOOKS_H
#define MTP_TABLE_LOOKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * What a cell that is no number looks like, so that a message can say what would fix
 * it. `plain`, where there is one, is the number that was probably meant.
 */

/* Room for the part of a cell that is looked at; longer cells are not. */
enum { MTP_LOOK_ROOM = 64 };

/** A cell without blanks around it. */
typedef struct mtp_look {
    char text[MTP_LOOK_ROOM];
    size_t length;
} mtp_look;

/** False for a cell that is too long. */
bool mtp_look_trim(const char *cell, mtp_look *to);

bool mtp_look_is_number(const char *text, size_t length);
/** Length of the longest prefix that is a number, 0 if there is none. */
size_t mtp_look_number_prefix(const mtp_look *cell);

/** "<0.05", also with the signs at most and at least. */
bool mtp_look_is_bound(const mtp_look *cell);
/** "inf" and its kind, with a sign or without. */
bool mtp_look_is_infinite_word(const mtp_look *cell);
/** What papers and programs write for a value that is not there: "NR", "--". */
bool mtp_look_is_missing_word(const mtp_look *cell);
/** What a spreadsheet shows for a formula that failed: "#DIV/0!". */
bool mtp_look_is_spreadsheet_error(const mtp_look *cell);

/** Digits in groups of three after the first: "1,234", "1 234,567". */
bool mtp_look_is_grouped(const mtp_look *cell, char plain[MTP_LOOK_ROOM], bool *comma);
/** "1.234,5": points between groups, a decimal comma; plain is "1234.5". */
bool mtp_look_is_grouped_by_points(const mtp_look *cell, char plain[MTP_LOOK_ROOM]);
/** "0,5": plain has a point there. */
bool mtp_look_has_decimal_comma(const mtp_look *cell, char plain[MTP_LOOK_ROOM]);
/** "12O", "l2": letters typed for the digits they look like. */
bool mtp_look_has_letter_digit(const mtp_look *cell, char plain[MTP_LOOK_ROOM]);
/** Digits of another script; plain has ours. */
bool mtp_look_has_other_digits(const mtp_look *cell, char plain[MTP_LOOK_ROOM]);
/**
 * Copied from a page or a PDF, a number may carry characters that nobody sees: the code
 * point of one, if plain, which is without them, is a number; else 0.
 */
uint32_t mtp_look_invisible(const mtp_look *cell, char plain[MTP_LOOK_ROOM]);
/** The number after an en or em dash, which word processors put for a minus; or NULL.
 */
const char *mtp_look_after_dash(const mtp_look *cell);
/** The number after a mark ("~12", "$5"); or NULL. */
const char *mtp_look_after_mark(const mtp_look *cell);
/** A number in quotes, straight or typeset. */
bool mtp_look_is_quoted(const mtp_look *cell, char plain[MTP_LOOK_ROOM]);
/** The name of the first blank within a cell, or NULL. */
const char *mtp_look_blank(const mtp_look *cell);

#endif
