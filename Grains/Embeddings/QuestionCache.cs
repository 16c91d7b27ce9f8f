using System.Diagnostics.CodeAnalysis;

namespace Actors.Embeddings;

/// <summary>Vectors of questions by their text; of more than the limit the longest unused goes. Not thread safe.</summary>
internal sealed class QuestionCache(int limit)
{
    private readonly Dictionary<string, LinkedListNode<(string Question, QuantizedVector Vector)>> _nodes = new(StringComparer.Ordinal);

    // The last used first.
    private readonly LinkedList<(string Question, QuantizedVector Vector)> _order = new();

    public bool TryGet(string question, [NotNullWhen(true)] out QuantizedVector? vector)
    {
        vector = null;
        if (_nodes.TryGetValue(question, out var node))
        {
            _order.Remove(node);
            _order.AddFirst(node);
            vector = node.Value.Vector;
        }

        return vector is not null;
    }

    public void Put(string question, QuantizedVector vector)
    {
        if (limit == 0)
        {
            return;
        }

        if (_nodes.Remove(question, out var old))
        {
            _order.Remove(old);
        }
        else if (_nodes.Count >= limit)
        {
            _nodes.Remove(_order.Last!.Value.Question);
            _order.RemoveLast();
        }

        _nodes.Add(question, _order.AddFirst((question, vector)));
    }
}
