using Actors.Embeddings;
using Actors.Sessions;
using Actors.Sessions.Recall;

namespace Actors.Grains.Tests.Sessions.Recall;

public class IndexVectorTests
{
    private static readonly QuantizedVector East = QuantizedVector.Of([1, 0, 0])!;
    private static readonly QuantizedVector NorthEast = QuantizedVector.Of([1, 1, 0])!;
    private static readonly QuantizedVector North = QuantizedVector.Of([0, 1, 0])!;
    private readonly IndexStage _stage = new();

    [Fact]
    public void nearness_ranks_and_what_is_not_near_stays_out()
    {
        Put("cheese", East);
        Put("gravel", NorthEast);
        Put("violin", North);
        Assert.Equal(["cheese", "gravel"], Contents("unheard", East));
        Assert.Empty(Contents("unheard", vector: null));
    }

    [Fact]
    public void words_and_meaning_add_up()
    {
        Put("cheese", North);
        Put("cheese", East);
        var hits = Search("cheese", East);
        Assert.Equal(2, hits.Count);
        Assert.Equal(RecallReasons.Meaning, hits[0].Reasons);
        Assert.Equal(RecallReasons.None, hits[1].Reasons);
        Assert.Equal(hits[0].Bm25, hits[1].Bm25);
    }

    [Fact]
    public void a_vector_outlives_a_change_that_leaves_the_content()
    {
        var memory = Put("cheese", East);
        _stage.Index.Put(memory with { Salience = 1 });
        Assert.Equal(["cheese"], Contents("unheard", East));
        _stage.Index.Put(memory with { Content = "gravel" });
        Assert.Empty(Contents("unheard", East));
        _stage.Index.Remove(memory.Id);
        Assert.Equal(0, _stage.Index.Vectors!.Count);
    }

    [Fact]
    public void a_vector_may_come_before_its_memory()
    {
        var memory = SessionRules.ToRecord(new NewMemory("cheese"), "1", IndexStage.Start);
        _stage.Index.SetVector(memory.Id, East);
        _stage.Index.Put(memory);
        Assert.Equal(["cheese"], Contents("unheard", East));
    }

    [Fact]
    public void a_vector_of_another_content_waits_for_it_and_the_memory_keeps_its_own()
    {
        var memories = Enumerable.Range(0, 4_000).Select(i => Put($"word{i}", North)).ToList();
        var memory = memories[3_990];
        // select md5('gravel')::uuid
        var md5OfGravel = Guid.Parse("745106b01fd7e289eb638c8580faeb13");
        _stage.Index.SetVector(memory.Id, QuantizedVector.Stored(East.Values, East.Scale, md5OfGravel));
        Assert.Empty(Contents("unheard", East));

        // Compaction puts all memories once more.
        memories.Take(3_900).ToList().ForEach(old => _stage.Index.Remove(old.Id));
        Assert.Empty(Contents("unheard", East));
        Assert.Contains("word3990", Search("unheard", North, k: 1_000).Select(hit => hit.Memory.Content));

        _stage.Index.Put(memory with { Content = "gravel" });
        Assert.Equal(["gravel"], Contents("unheard", East));
    }

    [Fact]
    public void vectors_that_wait_for_their_memories_count_as_long_as_they_wait()
    {
        var memory = SessionRules.ToRecord(new NewMemory("cheese"), "1", IndexStage.Start);
        var empty = _stage.Index.Bytes;
        _stage.Index.SetVector(memory.Id, East);
        var waiting = _stage.Index.Bytes;
        _stage.Index.SetVector(memory.Id, North);
        Assert.True(waiting > empty);
        Assert.Equal(waiting, _stage.Index.Bytes);

        _stage.Index.Put(memory);
        var taken = _stage.Index.Bytes;
        _stage.Index.SetVector(memory.Id, East);
        Assert.Equal(taken, _stage.Index.Bytes);
        Assert.Equal(["cheese"], Contents("unheard", East));
    }

    [Fact]
    public void a_vector_of_another_size_changes_nothing()
    {
        var memory = Put("cheese", East);
        _stage.Index.SetVector(memory.Id, QuantizedVector.Of([1, 0])!);
        Assert.Equal(["cheese"], Contents("unheard", East));
        Assert.Empty(Contents("unheard", QuantizedVector.Of([1, 0])));
    }

    [Fact]
    public void vectors_stay_with_their_memories_when_the_index_is_compacted()
    {
        var memories = Enumerable.Range(0, 4_000).Select(i => Put($"word{i}", i == 3_990 ? East : North)).ToList();
        memories.Take(3_900).ToList().ForEach(memory => _stage.Index.Remove(memory.Id));
        Assert.True(_stage.Index.Entries.Count < 4_000);
        Assert.Equal(["word3990"], Contents("unheard", East));
    }

    private EventRecord Put(string content, QuantizedVector vector)
    {
        var memory = _stage.Put(new NewMemory(content));
        _stage.Index.SetVector(memory.Id, vector);
        return memory;
    }

    private List<RecallHit> Search(string question, QuantizedVector? vector, int k = 10) =>
        [.. _stage.Index.Search(Question.Parse(question, vector), k, new RecallFilter(RecallRequest.For(question), _stage.Now))];

    private IEnumerable<string> Contents(string question, QuantizedVector? vector) => Search(question, vector).Select(hit => hit.Memory.Content);
}
