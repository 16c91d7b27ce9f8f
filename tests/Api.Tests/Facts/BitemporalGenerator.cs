using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;

namespace Actors.Api.Tests.Facts;

/// <summary>Random histories. Few different times, keys and facts, so that they meet.</summary>
internal static class BitemporalGenerator
{
    private const int FewestOperations = 3;
    private const int MostOperations = 12;

    // None within minutes of now: what an operation does must not depend on how fast the test is.
    private static readonly TimeSpan[] Offsets =
        [.. new[] { -720, -72, -24, -2, 2, 24, 72, 720 }.Select(hours => TimeSpan.FromHours(hours))];

    private static readonly Gen<int> Fact = Gen.Choose(1, 6);

    private static readonly Gen<Moment> Moment = Gen.Frequency(
        (3, Gen.Elements(Offsets).Select(offset => new Moment(Anchor.Beginning, 0, offset))),
        (2, from fact in Fact
            from anchor in Gen.Elements(Anchor.FactStart, Anchor.FactEnd)
            from microseconds in Gen.Elements(-1, 0, 1)
            select new Moment(anchor, fact, TimeSpan.FromMicroseconds(microseconds))));

    private static readonly Gen<Draft> Draft =
        from subject in Gen.Elements(1, 1, 1, 1, 2)
        from type in Type
        from key in Gen.Elements(null, null, "a", "a", "a", "b")
        from start in Maybe(2, Moment)
        from end in Gen.Frequency((5, Gen.Constant<Moment?>(null)), (2, Later), (1, Maybe(0, Moment)))
        select new Draft(subject, type, key, start, end);

    private static readonly Gen<Operation> Creation =
        from draft in Draft from change in Gen.Elements(true, true, false) select (Operation)new Create(draft, change);

    private static readonly Gen<Operation> Operation = Gen.Frequency<Operation>(
        (8, Creation),
        (7, from fact in Fact from at in Maybe(1, Moment) select (Operation)new Update(fact, at)),
        (4, Correction),
        (2, from fact in Fact select (Operation)new Retract(fact)),
        (1, Gen.Constant<Operation>(new LookAround())),
        (3, from type in Type from named in Gen.Elements(true, false) select (Operation)new SqlChange(1, type, named)),
        (3, from draft in Draft select (Operation)new SqlInsert(draft)),
        (2, from fact in Fact from at in Maybe(1, Moment) from described in Description select (Operation)new SqlClose(fact, at, described)),
        (1, from fact in Fact select (Operation)new SqlReopen(fact)),
        (2, from fact in Fact from described in Description select (Operation)new SqlRewrite(fact, described)),
        (1, from fact in Fact from described in Description select (Operation)new SqlDelete(fact, described)));

    private static Gen<string?> Description => Gen.Elements(null, "change", "correct", "retract");

    private static Gen<string> Type => Gen.Elements("likes", "likes", "likes", "likes", "works");

    private static Gen<Moment?> Later =>
        Gen.Elements(Offsets.Where(offset => offset > TimeSpan.Zero)).Select(offset => (Moment?)new Moment(Anchor.Beginning, 0, offset));

    private static Gen<Operation> Correction =>
        from fact in Fact
        from content in Gen.Elements(true, false)
        from start in Maybe(2, Moment)
        from open in Gen.Elements(true, false, false)
        from end in open ? Gen.Constant<Moment?>(null) : Maybe(2, Moment)
        let isEmpty = !content && !open && start is null && end is null
        select (Operation)new Correct(fact, content || isEmpty, start, end, open);

    /// <summary>Histories, and shorter ones or ones with fewer times where one fails.</summary>
    public static Arbitrary<BitemporalHistory> Histories { get; } = Arb.From(
        from length in Gen.Choose(FewestOperations - 1, MostOperations - 1)
        from first in Creation
        from operations in Gen.ArrayOf(Operation, length)
        from seed in Gen.Choose(0, int.MaxValue)
        select new BitemporalHistory([first, .. operations], seed),
        Shrink);

    private static Gen<Moment?> Maybe(int nulls, Gen<Moment> moment) =>
        Gen.Frequency((nulls, Gen.Constant<Moment?>(null)), (2, moment.Select(m => (Moment?)m)));

    private static IEnumerable<BitemporalHistory> Shrink(BitemporalHistory history)
    {
        var operations = history.Operations;
        for (var i = operations.Length - 1; i >= 0; i--)
        {
            yield return history with { Operations = operations.RemoveAt(i) };
        }

        for (var i = 0; i < operations.Length; i++)
        {
            foreach (var simpler in Simpler(operations[i]))
            {
                yield return history with { Operations = operations.SetItem(i, simpler) };
            }
        }
    }

    private static IEnumerable<Operation> Simpler(Operation operation) => operation switch
    {
        Create create => Simpler(create.Draft).Select(draft => create with { Draft = draft }),
        SqlInsert insert => Simpler(insert.Draft).Select(draft => insert with { Draft = draft }),
        Update { EffectiveAt: not null } update => [update with { EffectiveAt = null }],
        SqlClose { At: not null } close => [close with { At = null }],
        Correct { Content: true, From: not null } correct => [correct with { From = null }],
        Correct { Content: true, To: not null } correct => [correct with { To = null }],
        Correct { Content: true, IsOpenEnded: true } correct => [correct with { IsOpenEnded = false }],
        _ => [],
    };

    private static IEnumerable<Draft> Simpler(Draft draft) =>
        new[] { draft with { From = null }, draft with { To = null }, draft with { Key = null } }.Where(simpler => simpler != draft);
}
