using Actors.Sessions;
using Actors.Sessions.Recall;

namespace Actors.Grains.Tests.Sessions.Recall;

public class RecallKeyTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void requests_that_differ_in_any_parameter_have_different_keys()
    {
        var plain = RecallRequest.For("a");
        RecallRequest[] requests =
        [
            plain,
            plain with { Query = "b" },
            plain with { K = 11 },
            plain with { Scopes = [MemoryScope.User] },
            plain with { Scopes = [MemoryScope.User, MemoryScope.Run] },
            plain with { Kind = MemoryKind.Event },
            plain with { AsOf = Noon },
            plain with { KnownAt = Noon },
            plain with { ConversationId = "c" },
            plain with { Speaker = "c" },
            plain with { Speaker = "" },
            plain with { From = Noon },
            plain with { To = Noon },
            plain with { Metadata = [new("c", "d")] },
            plain with { Metadata = [new("cd", "")] },
            plain with { Metadata = [new("c", "d"), new("e", "f")] },
        ];
        Assert.Equal(requests.Length, requests.Select(RecallKey.Of).Distinct().Count());
    }

    [Fact]
    public void the_key_of_a_long_question_is_whole()
    {
        var question = new string('a', 4_096);

        Assert.Contains(question, RecallKey.Of(RecallRequest.For(question)), StringComparison.Ordinal);
        Assert.NotEqual(RecallKey.Of(RecallRequest.For(question + 'b')), RecallKey.Of(RecallRequest.For(question + 'c')));
    }

    [Fact]
    public void what_the_caller_knows_is_no_part_of_the_question() =>
        Assert.Equal(RecallKey.Of(RecallRequest.For("a")), RecallKey.Of(RecallRequest.For("a") with { KnownAnswer = 7 }));

    [Fact]
    public void the_order_of_scopes_and_metadata_and_the_offset_of_times_do_not_matter()
    {
        var one = RecallRequest.For("a") with
        {
            Scopes = [MemoryScope.User, MemoryScope.Run, MemoryScope.User],
            Metadata = [new("a", "1"), new("b", "2")],
            AsOf = Noon,
        };
        var other = one with
        {
            Scopes = [MemoryScope.Run, MemoryScope.User],
            Metadata = [new("b", "2"), new("a", "1")],
            AsOf = Noon.ToOffset(TimeSpan.FromHours(5)),
        };
        Assert.Equal(RecallKey.Of(one), RecallKey.Of(other));
    }
}
