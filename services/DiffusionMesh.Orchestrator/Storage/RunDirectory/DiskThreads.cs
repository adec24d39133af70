using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace DiffusionMesh.Orchestrator.Storage.RunDirectory;

/// <summary>Threads that wait for the disk, together with whoever gives them work.</summary>
internal static class DiskThreads
{
    // More bring nothing: a disk's queue is full.
    private const int Count = 7;

    private static readonly BlockingCollection<Action> Waiting = Start();

    /// <summary>Does something with each item, in no order; returns once all are done.</summary>
    /// <exception cref="Exception">What one of them threw first. The others are done all the same.</exception>
    public static void ForEach<T>(IReadOnlyList<T> items, Action<T> act)
    {
        var next = -1;
        var left = new CountdownEvent(items.Count);
        ExceptionDispatchInfo? failure = null;
        for (var i = 1; i < Math.Min(items.Count, Count + 1); i++)
        {
            Waiting.Add(ActOnRest);
        }

        // Also what no thread has time for.
        ActOnRest();
        left.Wait();
        failure?.Throw();

        void ActOnRest()
        {
            for (var i = Interlocked.Increment(ref next); i < items.Count; i = Interlocked.Increment(ref next))
            {
                try
                {
                    act(items[i]);
                }
                catch (Exception error)
                {
                    Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(error), null);
                }

                left.Signal();
            }
        }
    }

    private static BlockingCollection<Action> Start()
    {
        var waiting = new BlockingCollection<Action>();
        for (var i = 0; i < Count; i++)
        {
            new Thread(() =>
            {
                foreach (var work in waiting.GetConsumingEnumerable())
                {
                    work();
                }
            })
            {
                IsBackground = true,
                Name = $"disk {i}",
            }.Start();
        }

        return waiting;
    }
}
