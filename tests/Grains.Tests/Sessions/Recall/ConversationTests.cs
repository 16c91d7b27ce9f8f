using Actors.Sessions;
using Actors.Sessions.Recall;

namespace Actors.Grains.Tests.Sessions.Recall;

public class ConversationTests
{
    private readonly IndexStage _stage = new();

    [Fact]
    public void an_answer_is_found_by_its_question()
    {
        _stage.Say("Ada", "Where does Zoe keep the spare keys?");
        _stage.Say("Ben", "Behind the flowerpot.");
        _stage.Say("Ada", "Nice weather.", conversation: "another");
        var hits = _stage.Search("spare keys");
        Assert.Equal(["Where does Zoe keep the spare keys?", "Behind the flowerpot."], hits.Select(h => h.Memory.Content).Order(StringComparer.Ordinal).Reverse());
        var answer = hits.Single(h => h.Memory.Content.StartsWith("Behind", StringComparison.Ordinal));
        Assert.Empty(answer.MatchedTerms);
        Assert.Equal(RecallReasons.Context, answer.Reasons);
    }

    [Fact]
    public void memories_without_a_conversation_lend_each_other_nothing()
    {
        _stage.Put(new NewMemory("Where does Zoe keep the spare keys?"));
        _stage.Put(new NewMemory("Behind the flowerpot."));
        Assert.Equal(["Where does Zoe keep the spare keys?"], _stage.Contents("spare keys"));
    }

    [Fact]
    public void neighbours_are_those_in_time_whenever_they_were_stored()
    {
        _stage.Say("Ben", "Behind the flowerpot.", at: IndexStage.Start.AddHours(2));
        _stage.Say("Ada", "Where are the spare keys?", at: IndexStage.Start.AddHours(1));
        _stage.Say("Ada", "Lovely.", at: IndexStage.Start.AddHours(9));
        Assert.Equal(3, _stage.Search("spare keys").Length);
        Assert.True(Similarity("Behind") > Similarity("Lovely"));
    }

    [Fact]
    public void a_removed_memory_lends_nothing_and_its_neighbours_move_together()
    {
        var question = _stage.Say("Ada", "Where are the spare keys?");
        var between = _stage.Say("Ada", "Hm.");
        _stage.Say("Ben", "Behind the flowerpot.");
        var apart = Similarity("Behind");
        _stage.Index.Remove(between.Id);
        Assert.True(Similarity("Behind") > apart);
        _stage.Index.Remove(question.Id);
        Assert.Empty(_stage.Search("spare keys"));
    }

    [Fact]
    public void a_memory_that_has_ended_brings_no_others_into_the_answer()
    {
        _stage.Put(new NewMemory("Where are the spare keys?", ConversationId: "c", ExpiresAt: IndexStage.Start.AddHours(1)));
        _stage.Put(new NewMemory("Behind the flowerpot.", ConversationId: "c"));
        Assert.Equal(2, _stage.Search("spare keys").Length);
        Assert.Empty(_stage.Search("spare keys", now: IndexStage.Start.AddHours(1)));
    }

    [Fact]
    public void an_answer_that_depends_on_an_ending_neighbour_holds_until_that_ends()
    {
        var end = IndexStage.Start.AddHours(1);
        _stage.Put(new NewMemory("Where are the spare keys?", ConversationId: "c", ExpiresAt: end));
        _stage.Put(new NewMemory("Behind the flowerpot.", ConversationId: "c"));
        var filter = new RecallFilter(RecallRequest.For("spare keys", 1), _stage.Now);
        _stage.Index.Search(Question.Parse("spare keys"), 1, filter);
        Assert.Equal(end, filter.ValidUntil);
    }

    [Fact]
    public void what_was_not_known_yet_brings_no_others_into_an_answer_of_the_past()
    {
        _stage.Say("Ben", "Behind the flowerpot.", at: IndexStage.Start.AddHours(2));
        var before = _stage.Now.AddSeconds(-1);
        _stage.Say("Ada", "Where are the spare keys?", at: IndexStage.Start.AddHours(1));
        Assert.Equal(2, _stage.Search("spare keys").Length);
        Assert.Empty(_stage.Search("spare keys", with: request => request with { KnownAt = before }));
    }

    [Fact]
    public void the_named_speaker_comes_first()
    {
        _stage.Say("Ada", "I bought a kayak", conversation: "1");
        _stage.Say("Ben", "I bought a kayak", conversation: "2");
        _stage.Say("Cleo Adams", "I bought a kayak", conversation: "3");
        Assert.Equal("Ben", First("What did Ben buy?").Speaker);
        Assert.Equal("Ada", First("What did ADA buy?").Speaker);
        Assert.Equal("Cleo Adams", First("What did Cleo buy?").Speaker);
        Assert.Equal(RecallReasons.Speaker, _stage.Search("Ben kayak")[0].Reasons & RecallReasons.Speaker);
        Assert.Equal(RecallReasons.None, _stage.Search("Ben and Ada kayak")[0].Reasons & RecallReasons.Speaker);
    }

    [Fact]
    public void a_speakers_name_addresses_within_conversations_and_is_a_word_elsewhere()
    {
        _stage.Say("Ada", "Ben, lunch?");
        _stage.Say("Ben", "Sure.");
        _stage.Put(new NewMemory("Ben signed the contract"));
        Assert.Equal(["Ben signed the contract"], _stage.Contents("Ben"));
        _stage.Put(new NewMemory("Totals by ledger", Speaker: "ledger"));
        Assert.Equal(["Totals by ledger"], _stage.Contents("ledger"));
    }

    private EventRecord First(string question) => _stage.Search(question)[0].Event!;

    private double Similarity(string start) =>
        _stage.Search("spare keys").Single(hit => hit.Memory.Content.StartsWith(start, StringComparison.Ordinal)).Similarity;
}
