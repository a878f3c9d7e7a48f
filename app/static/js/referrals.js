// The page of referrals: the list of municipalities becomes a field that suggests.
import { finderOf } from "./referral-finder.js";

finderOf(document);
