// The shapes that the simulator speaks in, for the type checker and the reader.

/**
 * @typedef {object} Heard
 * @property {string} text
 * @property {string} language
 *
 * @typedef {object} Phone
 * @property {string} id a token, never the number
 * @property {string} alias
 * @property {string} line
 * @property {"primary" | "backup" | "rings_back" | "rung_back"} tier
 * @property {number} place in the ringing order, from 1
 * @property {"idle" | "ringing" | "screening" | "talking"} state
 * @property {string | null} call
 * @property {Heard | null} heard
 * @property {string | null} since
 * @property {string | null} shows
 *
 * @typedef {object} Entry
 * @property {number} n
 * @property {string} at
 * @property {string} kind
 * @property {string} text
 * @property {string | null} language
 * @property {string | null} phone the specialist's alias
 * @property {number | null} seconds
 *
 * @typedef {object} CallRecord
 * @property {string} outcome
 * @property {string} reason
 * @property {number | null} wait_seconds
 * @property {number | null} talk_seconds
 * @property {string | null} answered_by
 * @property {{specialist: string, state: string, at: string}[]} attempts
 * @property {string | number | null} consultation
 * @property {string} owner
 *
 * @typedef {object} Call
 * @property {string} sid
 * @property {string} line
 * @property {string} caller
 * @property {boolean} is_background
 * @property {"live" | "ended"} state
 * @property {string} began_at
 * @property {string | null} ended_at
 * @property {"words" | "silence" | "ringing" | "talk" | "nothing"} hears
 * @property {boolean} takes_keys
 * @property {Entry[]} entries
 * @property {string} flow
 * @property {string[]} trail
 * @property {string | null} at
 * @property {CallRecord | null} record
 * @property {{at: string, text: string, kind: string, what: Record<string, unknown>}[]} log
 *
 * @typedef {object} State
 * @property {string} run another one when the simulator has been started anew
 * @property {number} version
 * @property {{now: string, is_chosen: boolean, may_be_set: boolean}} clock
 * @property {Phone[]} phones
 * @property {Call[]} calls
 *
 * @typedef {object} Line
 * @property {string} key
 * @property {string} name
 * @property {string} number
 * @property {string} flow
 */

export {};
