package org.jmoco.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import org.jmoco.nn.Linear;
import org.jmoco.nn.ResNet;
import org.jmoco.tensor.Compiled;
import org.jmoco.tensor.Device;
import org.jmoco.tensor.Shape;
import org.jmoco.nn.optim.Sgd;
import org.jmoco.tensor.plan.Plan;

final class PlanMemory {
    public static void main(String[] args) throws Exception {
        int batch = 8;
        System.out.println("start rss " + SideMain.kib("VmRSS") / 1024);
        ResNet net = new ResNet(ResNet.Config.of(50), f -> new Linear(f, 1000));
        net.initialize(1);
        System.out.println("net rss " + SideMain.kib("VmRSS") / 1024);
        Sgd sgd = new Sgd(new Sgd.Options(0.9f, 1e-4f), net.parameters());
        System.out.println("sgd rss " + SideMain.kib("VmRSS") / 1024);
        Device device = Device.jvm(Integer.parseInt(args[0]));
        Compiled c = device.compile(ResNetBench.step(net, sgd, Shape.of(batch, 224, 224, 3), 1000));
        Plan p = c.plan();
        System.out.println("compiled rss " + SideMain.kib("VmRSS") / 1024 + " state " + (p.stateBytes() >> 20) + " act " + (p.activationBytes() >> 20) + " io " + (p.inputOutputBytes() >> 20));
        c.feed("images", Data.normals(batch * 224 * 224 * 3, 1)).feed("labels", Data.labels(batch, 1000)).feed("learningRate", 1e-3f);
        for (int i = 0; i < 8; i++) {
            c.run();
            var m = ManagementFactory.getMemoryMXBean();
            System.out.println("run rss " + SideMain.kib("VmRSS") / 1024 + " peak " + SideMain.kib("VmHWM") / 1024 + " heap used " + (m.getHeapMemoryUsage().getUsed() >> 20) + " committed " + (m.getHeapMemoryUsage().getCommitted() >> 20)+ " nonheap " + (m.getNonHeapMemoryUsage().getCommitted() >> 20));
        }
        new ProcessBuilder("jcmd", "" + ProcessHandle.current().pid(), "VM.native_memory", "summary").inheritIO().start().waitFor();
    }
}
