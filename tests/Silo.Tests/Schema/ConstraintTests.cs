namespace Actors.Schema;

/// <summary>Direct SQL cannot break a rule: each constraint refuses its violation, under its own name.</summary>
public sealed class ConstraintTests(SchemaDatabase database) : IClassFixture<SchemaDatabase>
{
    public static TheoryData<string, string> Violations => Data(ConstraintCases.Violations);

    public static TheoryData<string, string> Accepted => Data(ConstraintCases.Accepted);

    [Theory]
    [MemberData(nameof(Violations))]
    public async Task a_violation_is_refused_by_the_constraint_named_for_it(string constraint, string statement)
    {
        Assert.Equal(constraint, (await database.RefusedAsync(statement)).ConstraintName);
    }

    [Theory]
    [MemberData(nameof(Accepted))]
    public async Task what_breaks_no_rule_is_accepted(string why, string statement)
    {
        var refusal = await Record.ExceptionAsync(() => SchemaDatabase.ExecuteAsync(database.Foreign, $"begin; {statement}; rollback"));
        Assert.True(refusal is null, $"{why}: {refusal?.Message}");
    }

    [Fact]
    public async Task there_is_a_violation_here_for_every_constraint_of_the_business_tables()
    {
        // A unique constraint over the primary key and more is there for a foreign key; the primary key refuses first.
        var names = await database.PsqlAsync("""
            select conname from pg_constraint c
            where connamespace = 'public'::regnamespace and contype in ('c', 'f', 'u', 'x')
              and conname not like 'schema\_migrations%' and conname not like 'embedded\_%' and conrelid::regclass::text not like 'orleans%'
              and not (contype = 'u' and conkey @> (select conkey from pg_constraint where conrelid = c.conrelid and contype = 'p'))
            """);

        Assert.Empty(names.Split('\n').Except(ConstraintCases.Violations.Select(violation => violation.Constraint)));
    }

    private static TheoryData<string, string> Data(IEnumerable<(string, string)> cases)
    {
        var data = new TheoryData<string, string>();
        foreach (var (name, statement) in cases)
        {
            data.Add(name, statement);
        }

        return data;
    }
}
