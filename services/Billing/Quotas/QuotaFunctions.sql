-- The ledger's hot statements. Each locks the member's row in accounts first: whatever happens to one member's quota
-- happens one after another, and members do not wait for each other.
-- What is right at an instant (tier, allowance, period, denial) is decided here and nowhere else; the numbers of tiers come as arguments.
-- The file is run again by each migration that changes it.
-- Enumerations are their C# numbers: tier 0..3, allowance 0 FREE, 1 PAID, 2 ALVAE, quality 0..2, level 0..2.

CREATE OR REPLACE FUNCTION forbid_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND current_setting('billing.anonymising', true) = 'on' THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'the ledger is append-only';
END $$;

CREATE OR REPLACE TRIGGER ledger_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger
FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();

CREATE OR REPLACE FUNCTION lock_account(p_user uuid) RETURNS accounts LANGUAGE plpgsql AS $$
DECLARE a accounts;
BEGIN
    SELECT * INTO a FROM accounts WHERE user_id = p_user FOR UPDATE;
    IF NOT FOUND THEN
        INSERT INTO accounts (user_id) VALUES (p_user) ON CONFLICT DO NOTHING;
        SELECT * INTO a FROM accounts WHERE user_id = p_user FOR UPDATE;
    END IF;
    RETURN a;
END $$;

-- Gives back the member's unconfirmed units whose time is over. The caller holds the member's lock.
CREATE OR REPLACE FUNCTION expire_overdue(p_user uuid, p_now timestamptz) RETURNS int LANGUAGE plpgsql AS $$
DECLARE n int;
BEGIN
    WITH lapsed AS (
        UPDATE reservations SET state = 'expired', settled_at = p_now
        WHERE user_id = p_user AND state = 'reserved' AND expires_at <= p_now
        RETURNING id, allowance, period_start
    ), told AS (
        INSERT INTO ledger (user_id, reservation_id, kind, cause, allowance, period_start, reserved, used, granted, at)
        SELECT p_user, id, 'expire', 'not confirmed in time', allowance, period_start, -1, 0, 0, p_now FROM lapsed
    ), sums AS (
        SELECT allowance, period_start, count(*) AS units FROM lapsed GROUP BY allowance, period_start
    )
    UPDATE buckets b SET reserved = b.reserved - s.units FROM sums s
    WHERE b.user_id = p_user AND b.allowance = s.allowance AND b.period_start = s.period_start;
    GET DIAGNOSTICS n = ROW_COUNT;
    RETURN n;
END $$;

-- What was paid or given, at an instant: the better of both.
CREATE OR REPLACE FUNCTION tier_at(a accounts, p_now timestamptz) RETURNS int LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN greatest(
        CASE WHEN a.paid_until IS NULL OR p_now < a.paid_until THEN a.paid_tier ELSE 0 END,
        CASE WHEN a.comp_until IS NULL OR p_now < a.comp_until THEN a.comp_tier ELSE 0 END);
END $$;

-- The month since an anchor that an instant lies in. Each boundary is counted from the anchor itself: the 31st falls on the last day of
-- short months and returns to the 31st.
CREATE OR REPLACE FUNCTION anniversary(p_anchor timestamptz, p_now timestamptz, OUT period_start timestamptz, OUT period_end timestamptz)
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    anchor timestamp := p_anchor AT TIME ZONE 'UTC';
    at timestamp := p_now AT TIME ZONE 'UTC';
    months int := greatest(
        0, (extract(year FROM at) - extract(year FROM anchor)) * 12 + extract(month FROM at) - extract(month FROM anchor));
BEGIN
    IF months > 0 AND anchor + make_interval(months => months) > at THEN
        months := months - 1;
    END IF;
    period_start := (anchor + make_interval(months => months)) AT TIME ZONE 'UTC';
    period_end := (anchor + make_interval(months => months + 1)) AT TIME ZONE 'UTC';
END $$;

-- The one allowance that counts at an instant, the bucket that it draws from, and when the next unit comes into it.
-- p_allowances is indexed by entitlement, from 1: tier * 4 + (0, or level + 1); the place is told as slot.
CREATE OR REPLACE FUNCTION allowance_at(
    a accounts, p_now timestamptz, p_allowances int[],
    OUT tier int, OUT slot int, OUT allowance int, OUT period_start timestamptz, OUT period_end timestamptz, OUT reset_at timestamptz)
LANGUAGE plpgsql STABLE AS $$
DECLARE
    paid int := CASE WHEN a.paid_until IS NULL OR p_now < a.paid_until THEN a.paid_tier ELSE 0 END;
BEGIN
    tier := tier_at(a, p_now);
    slot := tier * 4 + coalesce(a.alvae + 1, 0) + 1;
    allowance := p_allowances[slot];
    IF allowance = 0 THEN
        period_start := date_trunc('day', p_now, 'UTC');
        period_end := period_start + interval '24 hours';
        reset_at := period_end;
    ELSIF allowance = 2 THEN
        period_start := date_trunc('month', p_now, 'UTC');
        period_end := (date_trunc('month', p_now AT TIME ZONE 'UTC') + interval '1 month') AT TIME ZONE 'UTC';
        reset_at := period_end;
    ELSIF paid = tier THEN
        -- The bucket that was paid last goes on until the next one is paid: an hour into the next period, or when the card works again.
        -- Where the tier ends first, the units of the day come then.
        period_start := a.period_start;
        period_end := a.period_end;
        reset_at := least(
            CASE
                WHEN p_now < a.period_end THEN a.period_end
                WHEN p_now < coalesce(a.refill_at, a.period_end + interval '1 hour')
                    THEN coalesce(a.refill_at, a.period_end + interval '1 hour')
            END,
            a.paid_until);
        reset_at := coalesce(reset_at, p_now + interval '1 minute');
    ELSE
        SELECT m.period_start, m.period_end INTO period_start, period_end FROM anniversary(a.comp_from, p_now) m;
        reset_at := least(period_end, a.comp_until);
    END IF;
END $$;

-- A member's account, also of somebody billing has never heard of: a FREE member.
CREATE OR REPLACE FUNCTION account_of(p_user uuid) RETURNS accounts LANGUAGE plpgsql STABLE AS $$
DECLARE a accounts;
BEGIN
    SELECT * INTO a FROM accounts WHERE user_id = p_user;
    IF NOT FOUND THEN
        a.user_id := p_user; a.paid_tier := 0; a.comp_tier := 0; a.storage_bytes := 0;
    END IF;
    RETURN a;
END $$;

-- Takes units for p_ids, all or none; when that cannot be, says why not and which tier would help.
-- The arrays are indexed by entitlement, as above.
DROP FUNCTION IF EXISTS reserve_quota;
CREATE FUNCTION reserve_quota(
    p_ids uuid[], p_user uuid, p_attempt int, p_fingerprint text, p_quality int, p_stems boolean, p_now timestamptz, p_expires timestamptz,
    p_allowances int[], p_limits int[], p_best int[], p_stem_rights boolean[], p_storage bigint[], p_priorities int[],
    OUT outcome text, OUT tier int, OUT alvae int, OUT allowance int, OUT priority int, OUT period_start timestamptz,
    OUT reset_at timestamptz, OUT units_limit int, OUT reserved int, OUT used int, OUT granted int, OUT storage_bytes bigint,
    OUT exhausted_published boolean, OUT upgrade_to int)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    a accounts;
    r reservations;
    b buckets;
    period_end timestamptz;
    slot int;
    s int;
    verdict text;
    n int := cardinality(p_ids);
BEGIN
    a := lock_account(p_user);
    alvae := a.alvae;
    storage_bytes := a.storage_bytes;
    SELECT x.tier, x.slot, x.allowance, x.period_start, x.period_end, x.reset_at INTO tier, slot, allowance, period_start, period_end,
        reset_at
    FROM allowance_at(a, p_now, p_allowances) x;
    units_limit := p_limits[slot];
    priority := p_priorities[slot];

    SELECT * INTO r FROM reservations WHERE id = p_ids[1];
    IF FOUND THEN
        IF r.state <> 'tombstone' AND (r.user_id <> p_user OR r.fingerprint <> p_fingerprint) THEN
            outcome := 'reservation-conflict';
            RETURN;
        ELSIF r.state IN ('reserved', 'confirmed', 'committed') THEN
            UPDATE reservations SET attempt = p_attempt WHERE group_id = r.group_id AND id = ANY (p_ids) AND attempt < p_attempt;
            SELECT * INTO b FROM buckets WHERE user_id = p_user AND buckets.allowance = r.allowance
                AND buckets.period_start = r.period_start;
            outcome := 'granted';
            tier := r.tier; priority := r.priority;
            units_limit := CASE WHEN allowance = r.allowance THEN units_limit ELSE 0 END;
            reset_at := CASE WHEN allowance = r.allowance AND period_start = r.period_start THEN reset_at ELSE b.period_end END;
            allowance := r.allowance; period_start := b.period_start; reserved := b.reserved; used := b.used; granted := b.granted;
            RETURN;
        ELSIF r.state <> 'expired' AND p_attempt <= r.attempt THEN
            outcome := 'reservation-released';
            RETURN;
        END IF;
    END IF;
    IF n > 1 AND EXISTS (SELECT FROM reservations WHERE id = ANY (p_ids[2:])
        AND (group_id <> p_ids[1] OR state NOT IN ('expired', 'released'))) THEN
        outcome := 'reservation-conflict';
        RETURN;
    END IF;

    -- The rules of a reservation, asked of the member's tier and, when it is denied, of the better ones. Rights come before room.
    -- A better paid tier goes on in the same bucket; any other change of allowance begins an empty one.
    LOOP
        SELECT * INTO b FROM buckets
        WHERE user_id = p_user AND buckets.allowance = reserve_quota.allowance AND buckets.period_start = reserve_quota.period_start;
        reserved := coalesce(b.reserved, 0); used := coalesce(b.used, 0); granted := coalesce(b.granted, 0);
        FOR t IN tier..3 LOOP
            s := t * 4 + coalesce(a.alvae + 1, 0) + 1;
            verdict := CASE
                WHEN p_quality > p_best[s] THEN 'quality-not-in-tier'
                WHEN p_stems AND NOT p_stem_rights[s] THEN 'stems-not-in-tier'
                WHEN a.storage_bytes >= p_storage[s] THEN 'storage-full'
                WHEN n > p_limits[s] + CASE WHEN p_allowances[s] = allowance THEN granted - used - reserved ELSE 0 END THEN 'quota-exceeded'
                ELSE 'granted'
            END;
            IF t = tier THEN
                outcome := verdict;
            ELSIF verdict = 'granted' THEN
                upgrade_to := t;
            END IF;
            EXIT WHEN verdict = 'granted';
        END LOOP;
        EXIT WHEN outcome <> 'quota-exceeded' OR expire_overdue(p_user, p_now) = 0;
        upgrade_to := NULL;
    END LOOP;
    exhausted_published := coalesce(b.exhausted_published, false);
    IF outcome <> 'granted' THEN
        RETURN;
    END IF;

    INSERT INTO buckets AS own (user_id, allowance, period_start, period_end, reserved, used, granted, exhausted_published)
    VALUES (p_user, reserve_quota.allowance, reserve_quota.period_start, period_end, n, 0, 0, false)
    ON CONFLICT ON CONSTRAINT pk_buckets DO UPDATE SET reserved = own.reserved + n, period_end = excluded.period_end;
    reserved := reserved + n;
    INSERT INTO reservations AS known (id, group_id, user_id, state, fingerprint, attempt, tier, allowance, period_start, priority,
        reserved_at, expires_at)
    SELECT id, p_ids[1], p_user, 'reserved', p_fingerprint, p_attempt, tier, reserve_quota.allowance, reserve_quota.period_start, priority,
        p_now, p_expires
    FROM unnest(p_ids) AS id
    ON CONFLICT (id) DO UPDATE SET state = excluded.state, fingerprint = excluded.fingerprint, attempt = excluded.attempt,
        tier = excluded.tier,
        allowance = excluded.allowance, period_start = excluded.period_start, priority = excluded.priority,
        reserved_at = excluded.reserved_at, expires_at = excluded.expires_at, confirmed_at = NULL, settled_at = NULL;
    INSERT INTO ledger (user_id, reservation_id, kind, cause, allowance, period_start, reserved, used, granted, at)
    SELECT p_user, id, 'reserve', 'asked', reserve_quota.allowance, reserve_quota.period_start, 1, 0, 0, p_now FROM unnest(p_ids) AS id;
END $$;

-- Moves one unit on: 'confirm', 'commit' or 'release'. Returns what became of it.
-- A unit whose generation exists is always booked, in its own bucket, however late the news of it comes: what was made counts.
CREATE OR REPLACE FUNCTION settle_quota(p_id uuid, p_user uuid, p_action text, p_cause text, p_now timestamptz)
RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    r reservations;
    held boolean;
    d_reserved int := 0;
    d_used int := 0;
    moved text;
BEGIN
    PERFORM lock_account(p_user);
    SELECT * INTO r FROM reservations WHERE id = p_id;
    IF NOT FOUND THEN
        IF p_action <> 'release' THEN
            RETURN 'unknown';
        END IF;
        INSERT INTO reservations (id, group_id, user_id, state, attempt, priority, reserved_at, expires_at, settled_at)
        VALUES (p_id, p_id, p_user, 'tombstone', 0, 0, p_now, p_now, p_now);
        INSERT INTO ledger (user_id, reservation_id, kind, cause, reserved, used, granted, at)
            VALUES (p_user, p_id, 'tombstone', p_cause, 0, 0, 0, p_now);
        RETURN 'tombstone';
    ELSIF r.user_id <> p_user THEN
        RETURN 'unknown';
    END IF;

    held := r.state IN ('reserved', 'confirmed');
    IF p_action = 'confirm' AND r.state IN ('reserved', 'expired') THEN
        moved := 'confirmed';
        d_reserved := CASE WHEN held THEN 0 ELSE 1 END;
    ELSIF p_action = 'commit' AND r.state NOT IN ('committed', 'tombstone') THEN
        moved := 'committed';
        d_reserved := CASE WHEN held THEN -1 ELSE 0 END;
        d_used := 1;
    ELSIF p_action = 'release' AND r.state IN ('reserved', 'confirmed', 'expired') THEN
        moved := 'released';
        d_reserved := CASE WHEN held THEN -1 ELSE 0 END;
    ELSE
        RETURN r.state;
    END IF;

    UPDATE reservations SET state = moved,
        confirmed_at = CASE WHEN moved = 'confirmed' THEN p_now ELSE confirmed_at END,
        settled_at = CASE WHEN moved = 'confirmed' THEN NULL ELSE p_now END
    WHERE id = p_id;
    IF d_reserved <> 0 OR d_used <> 0 THEN
        UPDATE buckets SET reserved = reserved + d_reserved, used = used + d_used
        WHERE user_id = r.user_id AND allowance = r.allowance AND period_start = r.period_start;
    END IF;
    INSERT INTO ledger (user_id, reservation_id, kind, cause, allowance, period_start, reserved, used, granted, at)
    VALUES (r.user_id, p_id, p_action, p_cause, r.allowance, r.period_start, d_reserved, d_used, 0, p_now);
    RETURN moved;
END $$;

-- The asker gave up on its question: every unit that it asked for together and did not confirm is given back.
CREATE OR REPLACE FUNCTION release_asked(p_id uuid, p_user uuid, p_cause text, p_now timestamptz) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    other uuid;
    result text;
BEGIN
    result := settle_quota(p_id, p_user, 'release', p_cause, p_now);
    FOR other IN SELECT id FROM reservations WHERE group_id = p_id AND user_id = p_user AND id <> p_id AND state = 'reserved' LOOP
        PERFORM settle_quota(other, p_user, 'release', p_cause, p_now);
    END LOOP;
    RETURN result;
END $$;

-- Where the buckets, the sums of the ledger's entries and the states of the reservations disagree: always nowhere.
CREATE OR REPLACE VIEW ledger_differences AS
WITH booked AS (
    SELECT user_id, allowance, period_start, sum(reserved) AS reserved, sum(used) AS used, sum(granted) AS granted
    FROM ledger WHERE allowance IS NOT NULL GROUP BY user_id, allowance, period_start
), stood AS (
    SELECT user_id, allowance, period_start,
        count(*) FILTER (WHERE state IN ('reserved', 'confirmed')) AS reserved, count(*) FILTER (WHERE state = 'committed') AS used
    FROM reservations WHERE allowance IS NOT NULL GROUP BY user_id, allowance, period_start
)
SELECT user_id, allowance, period_start,
    coalesce(b.reserved, 0) AS bucket_reserved, coalesce(l.reserved, 0) AS ledger_reserved, coalesce(s.reserved, 0) AS units_reserved,
    coalesce(b.used, 0) AS bucket_used, coalesce(l.used, 0) AS ledger_used, coalesce(s.used, 0) AS units_used,
    coalesce(b.granted, 0) AS bucket_granted, coalesce(l.granted, 0) AS ledger_granted
FROM buckets b
FULL JOIN booked l USING (user_id, allowance, period_start)
FULL JOIN stood s USING (user_id, allowance, period_start)
WHERE (coalesce(b.reserved, 0), coalesce(b.used, 0), coalesce(b.granted, 0)) IS DISTINCT FROM
    (coalesce(l.reserved, 0), coalesce(l.used, 0), coalesce(l.granted, 0))
   OR (coalesce(b.reserved, 0), coalesce(b.used, 0)) IS DISTINCT FROM (coalesce(s.reserved, 0), coalesce(s.used, 0))
   OR b.reserved < 0 OR b.used < 0;

-- Adds units to the member's current bucket, or takes granted ones back; granted is -1 where less was granted than is taken.
DROP FUNCTION IF EXISTS grant_units;
CREATE FUNCTION grant_units(
    p_user uuid, p_units int, p_cause text, p_now timestamptz, p_allowances int[],
    OUT allowance int, OUT period_start timestamptz, OUT period_end timestamptz, OUT granted int)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
    SELECT x.allowance, x.period_start, x.period_end INTO allowance, period_start, period_end
    FROM allowance_at(lock_account(p_user), p_now, p_allowances) x;
    INSERT INTO buckets AS own (user_id, allowance, period_start, period_end, reserved, used, granted, exhausted_published)
    SELECT p_user, grant_units.allowance, grant_units.period_start, grant_units.period_end, 0, 0, p_units, false
    WHERE p_units > 0 OR EXISTS (
        SELECT FROM buckets WHERE user_id = p_user AND buckets.allowance = grant_units.allowance
            AND buckets.period_start = grant_units.period_start)
    ON CONFLICT ON CONSTRAINT pk_buckets DO UPDATE
        SET granted = own.granted + p_units, exhausted_published = own.exhausted_published AND p_units <= 0
    WHERE own.granted + p_units >= 0
    RETURNING own.granted INTO granted;
    IF NOT FOUND THEN
        granted := -1;
        RETURN;
    END IF;
    INSERT INTO ledger (user_id, kind, cause, allowance, period_start, reserved, used, granted, at)
    VALUES (p_user, 'grant', p_cause, grant_units.allowance, grant_units.period_start, 0, 0, p_units, p_now);
END $$;

-- Takes a deleted member's name off one more bucket with its lines and units, in the end off what belongs to none; false when all is done.
CREATE OR REPLACE FUNCTION anonymise_next(p_user uuid, p_pseudonym uuid, p_now timestamptz) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    b buckets;
    moved int;
BEGIN
    PERFORM lock_account(p_user);
    PERFORM set_config('billing.anonymising', 'on', true);
    SELECT * INTO b FROM buckets WHERE user_id = p_user LIMIT 1;
    IF FOUND THEN
        UPDATE buckets SET user_id = p_pseudonym WHERE user_id = p_user AND allowance = b.allowance AND period_start = b.period_start;
        UPDATE reservations SET user_id = p_pseudonym
        WHERE allowance = b.allowance AND period_start = b.period_start
            AND id IN (SELECT reservation_id FROM ledger WHERE user_id = p_user);
        UPDATE ledger SET user_id = p_pseudonym, cause = CASE WHEN kind = 'grant' THEN 'granted' ELSE cause END
        WHERE user_id = p_user AND allowance = b.allowance AND period_start = b.period_start;
        RETURN true;
    END IF;
    WITH lines AS (
        UPDATE ledger SET user_id = p_pseudonym WHERE id IN (SELECT id FROM ledger WHERE user_id = p_user LIMIT 500)
            RETURNING reservation_id
    ), units AS (
        UPDATE reservations SET user_id = p_pseudonym WHERE id IN (SELECT reservation_id FROM lines)
    )
    SELECT count(*) INTO moved FROM lines;
    IF moved > 0 THEN
        RETURN true;
    END IF;
    UPDATE audit SET user_id = p_pseudonym, reason = 'anonymised' WHERE user_id = p_user;
    UPDATE accounts SET anonymised_at = p_now WHERE user_id = p_user;
    RETURN false;
END $$;
