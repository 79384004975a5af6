-- The arithmetic that the hold and settlement statements share, so that each rule is written once.

-- What a settlement may take: the usage's price, but never more than this hold plus what no other hold needs.
create function app.chargeable(price bigint, available bigint, held bigint, own bigint, cap bigint) returns bigint
    language sql immutable parallel safe
    return least(price, greatest(0, available - held + own + cap));

-- The highest threshold that used credits have reached: 0, 80 or 100 percent.
create function app.reached_percent(granted bigint, available bigint) returns int
    language sql immutable parallel safe
    return case when granted <= 0 then 0
                when available <= 0 then 100
                when available * 5 <= granted then 80
                else 0 end;

-- Whether every claimed meter still fits its quota.
create function app.within_quotas(counters jsonb, claims jsonb, quotas jsonb) returns boolean
    language sql immutable parallel safe
    return not exists (
        select from jsonb_each_text(claims) as claim (meter, amount)
         where coalesce((counters #>> array[claim.meter, 'used'])::bigint, 0)
             + coalesce((counters #>> array[claim.meter, 'held'])::bigint, 0)
             + claim.amount::bigint > (quotas ->> claim.meter)::bigint);

-- Adds to the used and held figures of the meters named; neither falls below zero.
create function app.add_counters(counters jsonb, used jsonb, held jsonb) returns jsonb
    language sql immutable parallel safe
    return counters || coalesce(
        (select jsonb_object_agg(meter, jsonb_build_object(
                    'used', greatest(0, coalesce((counters #>> array[meter, 'used'])::bigint, 0)
                                        + coalesce((used ->> meter)::bigint, 0)),
                    'held', greatest(0, coalesce((counters #>> array[meter, 'held'])::bigint, 0)
                                        + coalesce((held ->> meter)::bigint, 0))))
           from (select jsonb_object_keys(coalesce(used, '{}'))
                 union
                 select jsonb_object_keys(coalesce(held, '{}'))) as named (meter)),
        '{}');

-- The same claims with the opposite sign: what a closed hold gives back.
create function app.negated(claims jsonb) returns jsonb
    language sql immutable parallel safe
    return (select jsonb_object_agg(key, -value::bigint) from jsonb_each_text(claims));
