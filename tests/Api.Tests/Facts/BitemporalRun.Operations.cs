namespace Actors.Api.Tests.Facts;

// Each kind of operation: how it is written, and how the oracle decides it.
internal sealed partial class BitemporalRun
{
    private Task DoAsync(Operation operation) => operation switch
    {
        Create create => CreateAsync(create),
        Update update => UpdateAsync(update),
        Correct correct => CorrectAsync(correct),
        Retract retract => RetractAsync(retract),
        LookAround => _reader.CompareNowAsync(!_isRecallBehind),
        SqlChange change => SqlChangeAsync(change),
        SqlInsert insert => SqlInsertAsync(insert.Draft),
        SqlClose close => SqlCloseAsync(close),
        SqlReopen reopen => SqlReopenAsync(reopen),
        SqlRewrite rewrite => SqlRewriteAsync(rewrite),
        SqlDelete delete => SqlDeleteAsync(delete),
        _ => throw new InvalidOperationException($"Unknown operation: {operation}"),
    };

    private async Task CreateAsync(Create create)
    {
        var (fact, from) = Draw(create.Draft);
        await ThroughApiAsync(
            "change",
            fact.Subject,
            () => _api.CreateAsync(fact, from, create.OnConflictChange),
            outcome => BitemporalTable.Create(_oracle, fact with { Id = outcome.NewId, From = from ?? outcome.RecordedAt }, create.OnConflictChange));
    }

    private async Task UpdateAsync(Update update)
    {
        var (id, content, at) = (IdOf(update.Fact), NextContent(), Resolve(update.EffectiveAt));
        await ThroughApiAsync(
            "change",
            _oracle.FindLast(id)?.Subject,
            () => _api.UpdateAsync(id, content, at),
            outcome => BitemporalTable.Update(_oracle, id, outcome.NewId, content, at ?? outcome.RecordedAt));
    }

    private async Task CorrectAsync(Correct correct)
    {
        var (id, from, to) = (IdOf(correct.Fact), Resolve(correct.From), Resolve(correct.To));
        var content = correct.Content ? NextContent() : null;
        Belief Corrected(Belief belief) => belief with
        {
            Content = content ?? belief.Content,
            From = from ?? belief.From,
            To = correct.IsOpenEnded ? null : to ?? belief.To,
        };
        await ThroughApiAsync(
            "correct",
            _oracle.FindLast(id)?.Subject,
            () => _api.CorrectAsync(id, content, from, to, correct.IsOpenEnded),
            outcome => BitemporalTable.Correct(_oracle, id, Corrected, outcome.RecordedAt));
    }

    private async Task RetractAsync(Retract retract)
    {
        var id = IdOf(retract.Fact);
        await ThroughApiAsync(
            "retract", _oracle.FindLast(id)?.Subject, () => _api.RetractAsync(id), outcome => BitemporalTable.Retract(_oracle, id, outcome.RecordedAt));
    }

    private async Task ThroughApiAsync(string operation, int? subject, Func<Task<Outcome>> write, Func<Outcome, Decision> decide)
    {
        var last = subject is { } known ? _oracle.LastRecordedAt(known) : null;
        var before = Instants.Now();
        var outcome = await write();
        var after = Instants.Later(Instants.Now(), last + Instants.Microsecond);
        if (outcome.Refusal is not null)
        {
            // At which instant a refusal was decided is not told.
            Apply(operation, decide(outcome with { RecordedAt = after }), outcome);
            return;
        }

        var decision = decide(outcome);
        if (decision.Effects.Any(effect => effect.Belief != _oracle.Find(effect.Id)))
        {
            Expect(
                outcome.RecordedAt >= before && outcome.RecordedAt <= after && !(outcome.RecordedAt <= last),
                $"was recorded at {Instants.Text(outcome.RecordedAt)}, but sent at {Instants.Text(before)}, answered at {Instants.Text(after)}, and the subject's last was {Instants.Text(last)}");
        }

        Apply(operation, decision, outcome);
        _isRecallBehind = false;
    }

    private async Task SqlChangeAsync(SqlChange change)
    {
        var content = NextContent();
        // Without a client and a fact to take it from, the new fact would be the house's.
        var namesClient = change.NamesClient || BitemporalSqlRules.ClosedByChange(_oracle, change.Subject, change.Type, Instants.Now()).Count == 0;
        var outcome = await _sql.ChangeAsync(change.Subject, change.Type, content, namesClient);
        var earliest = BitemporalSqlRules.EarliestChange(_oracle, change.Subject, change.Type, outcome.Before);
        var from = outcome.Answered!.Value.From;
        Expect(
            from >= earliest && from <= Instants.Later(outcome.After, earliest),
            $"took effect at {Instants.Text(from)} instead of at {Instants.Text(earliest)}, or while it ran if that is later");
        var fact = new Belief(outcome.NewId, change.Subject, change.Type, null, content, from, null);
        BySql("change", BitemporalSqlRules.Change(_oracle, fact, outcome.Before), outcome);
    }

    private async Task SqlInsertAsync(Draft draft)
    {
        var (fact, from) = Draw(draft);
        var outcome = await _sql.InsertAsync(fact, from);
        BySql("insert", BitemporalSqlRules.Insert(_oracle, fact with { Id = outcome.NewId, From = from ?? outcome.TransactionBegan }), outcome);
    }

    private async Task SqlCloseAsync(SqlClose close)
    {
        var (id, at) = (IdOf(close.Fact), Resolve(close.At));
        var outcome = await _sql.CloseAsync(id, at, close.Described);
        BySql(UpdateAs(close.Described), BitemporalSqlRules.Close(_oracle, id, at ?? outcome.TransactionBegan), outcome);
    }

    private async Task SqlReopenAsync(SqlReopen reopen)
    {
        var id = IdOf(reopen.Fact);
        BySql("update", BitemporalSqlRules.Reopen(_oracle, id), await _sql.ReopenAsync(id));
    }

    private async Task SqlRewriteAsync(SqlRewrite rewrite)
    {
        var (id, content) = (IdOf(rewrite.Fact), NextContent());
        BySql(UpdateAs(rewrite.Described), BitemporalSqlRules.Rewrite(_oracle, id, content), await _sql.RewriteAsync(id, content, rewrite.Described));
    }

    private async Task SqlDeleteAsync(SqlDelete delete)
    {
        var id = IdOf(delete.Fact);
        BySql(delete.Described == "retract" ? "retract" : "delete", BitemporalSqlRules.Delete(_oracle, id), await _sql.DeleteAsync(id, delete.Described));
    }

    // A description that does not fit the statement is not taken.
    private static string UpdateAs(string? described) => described is "change" or "correct" ? described : "update";

    private void BySql(string operation, Decision decision, Outcome outcome)
    {
        Apply(operation, decision, outcome);
        _isRecallBehind = true;
    }

    // Without a start of its own the fact begins when it is written.
    private (Belief Fact, DateTimeOffset? From) Draw(Draft draft) =>
        (new Belief(Guid.Empty, draft.Subject, draft.Type, draft.Key, NextContent(), default, Resolve(draft.To)), Resolve(draft.From));
}
