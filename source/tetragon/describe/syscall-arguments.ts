/**
The arguments of Linux system calls, as the compact line prints them: facts of the kernel's declarations, with the C types
and names that Tetragon's table gives them (see NOTICE). One call a line; in types, I int, U unsigned int, L unsigned long,
Z size_t, C char *, P const char *, V void *, cV const void *, I* int *, S.x struct x *, cS.x const struct x *.
*/
export const syscallArguments = `
accept I fd,S.sockaddr upeer_sockaddr,I* upeer_addrlen
accept4 I fd,S.sockaddr upeer_sockaddr,I* upeer_addrlen,I flags;access P filename,I mode;acct P name
add_key P _type,P _description,cV _payload,Z plen,key_serial_t ringid;adjtimex S.timex txc_p;alarm U seconds
arch_prctl I option,L arg2;bdflush I func,long data;bind I fd,S.sockaddr umyaddr,I addrlen
bpf I cmd,union bpf_attr * uattr,U size;brk L brk;capget cap_user_header_t header,cap_user_data_t dataptr
capset cap_user_header_t header,const cap_user_data_t data;chdir P filename;chmod P filename,umode_t mode
chown P filename,uid_t user,gid_t group;chown16 P filename,old_uid_t user,old_gid_t group;chroot P filename
clock_adjtime const clockid_t which_clock,S.timex utx;clock_getres const clockid_t which_clock,S.timespec tp
clock_gettime const clockid_t which_clock,S.timespec tp
clock_nanosleep const clockid_t which_clock,I flags,cS.timespec rqtp,S.timespec rmtp
clock_settime const clockid_t which_clock,cS.timespec tp
clone L clone_flags,L newsp,I* parent_tidptr,I* child_tidptr,L tls;clone3 S.clone_args uargs,Z size;close U fd
close_range U fd,U max_fd,U flags;connect I fd,S.sockaddr uservaddr,I addrlen
copy_file_range I fd_in,loff_t * off_in,I fd_out,loff_t * off_out,Z len,U flags;creat P pathname,umode_t mode
delete_module P name_user,U flags;dup U fildes;dup2 U oldfd,U newfd;dup3 U oldfd,U newfd,I flags;epoll_create I size
epoll_create1 I flags;epoll_ctl I epfd,I op,I fd,S.epoll_event event
epoll_pwait I epfd,S.epoll_event events,I maxevents,I timeout,const sigset_t * sigmask,Z sigsetsize
epoll_wait I epfd,S.epoll_event events,I maxevents,I timeout;eventfd U count;eventfd2 U count,I flags
execve P filename,const char *const * argv,const char *const * envp
execveat I fd,P filename,const char *const * argv,const char *const * envp,I flags;exit I error_code
exit_group I error_code;faccessat I dfd,P filename,I mode;faccessat2 I dfd,P filename,I mode,I flags
fadvise64 I fd,loff_t offset,Z len,I advice;fadvise64_64 I fd,loff_t offset,loff_t len,I advice
fallocate I fd,I mode,loff_t offset,loff_t len;fanotify_init U flags,U event_f_flags
fanotify_mark I fanotify_fd,U flags,__u64 mask,I dfd,P pathname;fchdir U fd;fchmod U fd,umode_t mode
fchmodat I dfd,P filename,umode_t mode;fchown U fd,uid_t user,gid_t group
fchown16 U fd,old_uid_t user,old_gid_t group;fchownat I dfd,P filename,uid_t user,gid_t group,I flag
fcntl U fd,U cmd,L arg;fdatasync U fd;fgetxattr I fd,P name,V value,Z size;finit_module I fd,P uargs,I flags
flistxattr I fd,C list,Z size;flock U fd,U cmd;fremovexattr I fd,P name;fsconfig I fd,U cmd,P _key,cV _value,I aux
fsetxattr I fd,P name,cV value,Z size,I flags;fsmount I fs_fd,U flags,U attr_flags;fsopen P _fs_name,U flags
fspick I dfd,P path,U flags;fstat U fd,S.__old_kernel_stat statbuf;fstatfs U fd,S.statfs buf
fstatfs64 U fd,Z sz,S.statfs64 buf;fsync U fd;ftruncate U fd,L length
futex u32 * uaddr,I op,u32 val,S.timespec utime,u32 * uaddr2,u32 val3;futimesat I dfd,P filename,S.timeval utimes
get_mempolicy I* policy,unsigned long * nmask,L maxnode,L addr,L flags
get_robust_list I pid,struct robust_list_head * * head_ptr,size_t * len_ptr;get_thread_area S.user_desc u_info
getcpu unsigned * cpup,unsigned * nodep,S.getcpu_cache unused;getcwd C buf,L size
getdents U fd,S.linux_dirent dirent,U count;getdents64 U fd,S.linux_dirent64 dirent,U count
getgroups I gidsetsize,gid_t * grouplist;getgroups16 I gidsetsize,old_gid_t * grouplist;gethostname C name,I len
getitimer I which,S.itimerval value;getpeername I fd,S.sockaddr usockaddr,I* usockaddr_len;getpgid pid_t pid
getpriority I which,I who;getrandom C buf,Z count,U flags;getresgid gid_t * rgidp,gid_t * egidp,gid_t * sgidp
getresgid16 old_gid_t * rgidp,old_gid_t * egidp,old_gid_t * sgidp;getresuid uid_t * ruidp,uid_t * euidp,uid_t * suidp
getresuid16 old_uid_t * ruidp,old_uid_t * euidp,old_uid_t * suidp;getrlimit U resource,S.rlimit rlim
getrusage I who,S.rusage ru;getsid pid_t pid;getsockname I fd,S.sockaddr usockaddr,I* usockaddr_len
getsockopt I fd,I level,I optname,C optval,I* optlen;gettimeofday S.timeval tv,S.timezone tz
getxattr P pathname,P name,V value,Z size;init_module V umod,L len,P uargs;inotify_add_watch I fd,P pathname,u32 mask
inotify_init1 I flags;inotify_rm_watch I fd,__s32 wd;io_cancel aio_context_t ctx_id,S.iocb iocb,S.io_event result
io_destroy aio_context_t ctx
io_getevents aio_context_t ctx_id,long min_nr,long nr,S.io_event events,S.timespec timeout
io_pgetevents aio_context_t ctx_id,long min_nr,long nr,S.io_event events,S.timespec timeout,cS.__aio_sigset usig
io_setup unsigned nr_events,aio_context_t * ctxp;io_submit aio_context_t ctx_id,long nr,struct iocb * * iocbpp
io_uring_enter U fd,u32 to_submit,u32 min_complete,u32 flags,const sigset_t * sig,Z sigsz
io_uring_register U fd,U opcode,V arg,U nr_args;io_uring_setup u32 entries,S.io_uring_params params
ioctl U fd,U cmd,L arg;ioperm L from,L num,I turn_on;iopl U level;ioprio_get I which,I who
ioprio_set I which,I who,I ioprio;kexec_load L entry,L nr_segments,S.kexec_segment segments,L flags
keyctl I option,L arg2,L arg3,L arg4,L arg5;kill pid_t pid,I sig;lchown P filename,uid_t user,gid_t group
lchown16 P filename,old_uid_t user,old_gid_t group;lgetxattr P pathname,P name,V value,Z size
link P oldname,P newname;linkat I olddfd,P oldname,I newdfd,P newname,I flags;listen I fd,I backlog
listxattr P pathname,C list,Z size;llistxattr P pathname,C list,Z size
llseek U fd,L offset_high,L offset_low,loff_t * result,U whence;lookup_dcookie u64 cookie64,C buf,Z len
lremovexattr P pathname,P name;lseek U fd,off_t offset,U whence;lsetxattr P pathname,P name,cV value,Z size,I flags
lstat P filename,S.__old_kernel_stat statbuf;madvise L start,Z len_in,I behavior
mbind L start,L len,L mode,const unsigned long * nmask,L maxnode,U flags;membarrier I cmd,U flags,I cpu_id
memfd_create P uname,U flags
migrate_pages pid_t pid,L maxnode,const unsigned long * old_nodes,const unsigned long * new_nodes
mincore L start,Z len,unsigned char * vec;mkdir P pathname,umode_t mode;mkdirat I dfd,P pathname,umode_t mode
mknod P filename,umode_t mode,unsigned dev;mknodat I dfd,P filename,umode_t mode,U dev;mlock L start,Z len
mlock2 L start,Z len,I flags;mlockall I flags;mmap L addr,L len,L prot,L flags,L fd,L off
mmap_pgoff L addr,L len,L prot,L flags,L fd,L pgoff;modify_ldt I func,V ptr,L bytecount
mount C dev_name,C dir_name,C type,L flags,V data
move_mount I from_dfd,P from_pathname,I to_dfd,P to_pathname,U flags
move_pages pid_t pid,L nr_pages,const void * * pages,const int * nodes,I* status,I flags
mprotect L start,Z len,L prot;mq_getsetattr mqd_t mqdes,cS.mq_attr u_mqstat,S.mq_attr u_omqstat
mq_notify mqd_t mqdes,cS.sigevent u_notification;mq_open P u_name,I oflag,umode_t mode,S.mq_attr u_attr
mq_timedreceive mqd_t mqdes,C u_msg_ptr,Z msg_len,unsigned int * u_msg_prio,cS.timespec u_abs_timeout
mq_timedsend mqd_t mqdes,P u_msg_ptr,Z msg_len,U msg_prio,cS.timespec u_abs_timeout;mq_unlink P u_name
mremap L addr,L old_len,L new_len,L flags,L new_addr;msgctl I msqid,I cmd,S.msqid_ds buf;msgget key_t key,I msgflg
msgrcv I msqid,S.msgbuf msgp,Z msgsz,long msgtyp,I msgflg;msgsnd I msqid,S.msgbuf msgp,Z msgsz,I msgflg
msync L start,Z len,I flags;munlock L start,Z len;munmap L addr,Z len
name_to_handle_at I dfd,P name,S.file_handle handle,I* mnt_id,I flag;nanosleep S.timespec rqtp,S.timespec rmtp
newfstat U fd,S.stat statbuf;newfstatat I dfd,P filename,S.stat statbuf,I flag;newlstat P filename,S.stat statbuf
newstat P filename,S.stat statbuf;newuname S.new_utsname name;nice I increment;old_getrlimit U resource,S.rlimit rlim
old_readdir U fd,S.old_linux_dirent dirent,U count;oldumount C name;olduname S.oldold_utsname name
open P filename,I flags,umode_t mode;open_by_handle_at I mountdirfd,S.file_handle handle,I flags
open_tree I dfd,P filename,unsigned flags;openat I dfd,P filename,I flags,umode_t mode
openat2 I dfd,P filename,S.open_how how,Z usize
perf_event_open S.perf_event_attr attr_uptr,pid_t pid,I cpu,I group_fd,L flags;personality U personality
pidfd_getfd I pidfd,I fd,U flags;pidfd_open pid_t pid,U flags
pidfd_send_signal I pidfd,I sig,siginfo_t * info,U flags;pipe I* fildes;pipe2 I* fildes,I flags
pivot_root P new_root,P put_old;pkey_alloc L flags,L init_val;pkey_free I pkey
pkey_mprotect L start,Z len,L prot,I pkey;poll S.pollfd ufds,U nfds,I timeout_msecs
ppoll S.pollfd ufds,U nfds,S.timespec tsp,const sigset_t * sigmask,Z sigsetsize
prctl I option,L arg2,L arg3,L arg4,L arg5;pread64 U fd,C buf,Z count,loff_t pos
preadv L fd,cS.iovec vec,L vlen,L pos_l,L pos_h;preadv2 L fd,cS.iovec vec,L vlen,L pos_l,L pos_h,rwf_t flags
prlimit64 pid_t pid,U resource,cS.rlimit64 new_rlim,S.rlimit64 old_rlim
process_madvise I pidfd,cS.iovec vec,Z vlen,I behavior,U flags
process_vm_readv pid_t pid,cS.iovec lvec,L liovcnt,cS.iovec rvec,L riovcnt,L flags
process_vm_writev pid_t pid,cS.iovec lvec,L liovcnt,cS.iovec rvec,L riovcnt,L flags
pselect6 I n,fd_set * inp,fd_set * outp,fd_set * exp,S.timespec tsp,V sig;ptrace long request,long pid,L addr,L data
pwrite64 U fd,P buf,Z count,loff_t pos;pwritev L fd,cS.iovec vec,L vlen,L pos_l,L pos_h
pwritev2 L fd,cS.iovec vec,L vlen,L pos_l,L pos_h,rwf_t flags;quotactl U cmd,P special,qid_t id,V addr
read U fd,C buf,Z count;readahead I fd,loff_t offset,Z count;readlink P path,C buf,I bufsiz
readlinkat I dfd,P pathname,C buf,I bufsiz;readv L fd,cS.iovec vec,L vlen;reboot I magic1,I magic2,U cmd,V arg
recv I fd,V ubuf,Z size,U flags;recvfrom I fd,V ubuf,Z size,U flags,S.sockaddr addr,I* addr_len
recvmmsg I fd,S.mmsghdr mmsg,U vlen,U flags,S.timespec timeout;recvmsg I fd,S.user_msghdr msg,U flags
remap_file_pages L start,L size,L prot,L pgoff,L flags;removexattr P pathname,P name;rename P oldname,P newname
renameat I olddfd,P oldname,I newdfd,P newname;renameat2 I olddfd,P oldname,I newdfd,P newname,U flags
request_key P _type,P _description,P _callout_info,key_serial_t destringid;rmdir P pathname
rseq S.rseq rseq,u32 rseq_len,I flags,u32 sig;rt_sigaction I sig,cS.sigaction act,S.sigaction oact,Z sigsetsize
rt_sigpending sigset_t * uset,Z sigsetsize;rt_sigprocmask I how,sigset_t * nset,sigset_t * oset,Z sigsetsize
rt_sigqueueinfo pid_t pid,I sig,siginfo_t * uinfo;rt_sigsuspend sigset_t * unewset,Z sigsetsize
rt_sigtimedwait const sigset_t * uthese,siginfo_t * uinfo,cS.timespec uts,Z sigsetsize
rt_tgsigqueueinfo pid_t tgid,pid_t pid,I sig,siginfo_t * uinfo;sched_get_priority_max I policy
sched_get_priority_min I policy;sched_getaffinity pid_t pid,U len,unsigned long * user_mask_ptr
sched_getattr pid_t pid,S.sched_attr uattr,U usize,U flags;sched_getparam pid_t pid,S.sched_param param
sched_getscheduler pid_t pid;sched_rr_get_interval pid_t pid,S.timespec interval
sched_setaffinity pid_t pid,U len,unsigned long * user_mask_ptr;sched_setattr pid_t pid,S.sched_attr uattr,U flags
sched_setparam pid_t pid,S.sched_param param;sched_setscheduler pid_t pid,I policy,S.sched_param param
seccomp U op,U flags,V uargs;select I n,fd_set * inp,fd_set * outp,fd_set * exp,S.timeval tvp
semctl I semid,I semnum,I cmd,L arg;semget key_t key,I nsems,I semflg;semop I semid,S.sembuf tsops,unsigned nsops
semtimedop I semid,S.sembuf tsops,U nsops,cS.timespec timeout;send I fd,V buff,Z len,U flags
sendfile I out_fd,I in_fd,off_t * offset,Z count;sendfile64 I out_fd,I in_fd,loff_t * offset,Z count
sendmmsg I fd,S.mmsghdr mmsg,U vlen,U flags;sendmsg I fd,S.user_msghdr msg,U flags
sendto I fd,V buff,Z len,U flags,S.sockaddr addr,I addr_len
set_mempolicy I mode,const unsigned long * nmask,L maxnode;set_robust_list S.robust_list_head head,Z len
set_thread_area S.user_desc u_info;set_tid_address I* tidptr;setdomainname C name,I len;setfsgid gid_t gid
setfsgid16 old_gid_t gid;setfsuid uid_t uid;setfsuid16 old_uid_t uid;setgid gid_t gid;setgid16 old_gid_t gid
setgroups I gidsetsize,gid_t * grouplist;setgroups16 I gidsetsize,old_gid_t * grouplist;sethostname C name,I len
setitimer I which,S.itimerval value,S.itimerval ovalue;setns I fd,I flags;setpgid pid_t pid,pid_t pgid
setpriority I which,I who,I niceval;setregid gid_t rgid,gid_t egid;setregid16 old_gid_t rgid,old_gid_t egid
setresgid gid_t rgid,gid_t egid,gid_t sgid;setresgid16 old_gid_t rgid,old_gid_t egid,old_gid_t sgid
setresuid uid_t ruid,uid_t euid,uid_t suid;setresuid16 old_uid_t ruid,old_uid_t euid,old_uid_t suid
setreuid uid_t ruid,uid_t euid;setreuid16 old_uid_t ruid,old_uid_t euid;setrlimit U resource,S.rlimit rlim
setsockopt I fd,I level,I optname,C optval,I optlen;settimeofday S.timeval tv,S.timezone tz;setuid uid_t uid
setuid16 old_uid_t uid;setxattr P pathname,P name,cV value,Z size,I flags;shmat I shmid,C shmaddr,I shmflg
shmctl I shmid,I cmd,S.shmid_ds buf;shmdt C shmaddr;shmget key_t key,Z size,I shmflg;shutdown I fd,I how
sigaltstack const stack_t * uss,stack_t * uoss;signal I sig,__sighandler_t handler
signalfd I ufd,sigset_t * user_mask,Z sizemask;signalfd4 I ufd,sigset_t * user_mask,Z sizemask,I flags
sigpending old_sigset_t * uset;sigprocmask I how,old_sigset_t * nset,old_sigset_t * oset
sigsuspend I unused1,I unused2,old_sigset_t mask;socket I family,I type,I protocol
socketcall I call,unsigned long * args;socketpair I family,I type,I protocol,I* usockvec
splice I fd_in,loff_t * off_in,I fd_out,loff_t * off_out,Z len,U flags;ssetmask I newmask
stat P filename,S.__old_kernel_stat statbuf;statfs P pathname,S.statfs buf;statfs64 P pathname,Z sz,S.statfs64 buf
statx I dfd,P filename,unsigned flags,U mask,S.statx buffer;stime time_t * tptr;swapoff P specialfile
swapon P specialfile,I swap_flags;symlink P oldname,P newname;symlinkat P oldname,I newdfd,P newname
sync_file_range I fd,loff_t offset,loff_t nbytes,U flags;sync_file_range2 I fd,U flags,loff_t offset,loff_t nbytes
syncfs I fd;sysctl S.__sysctl_args args;sysfs I option,L arg1,L arg2;sysinfo S.sysinfo info;syslog I type,C buf,I len
tee I fdin,I fdout,Z len,U flags;tgkill pid_t tgid,pid_t pid,I sig;time time_t * tloc
timer_create const clockid_t which_clock,S.sigevent timer_event_spec,timer_t * created_timer_id
timer_delete timer_t timer_id;timer_getoverrun timer_t timer_id;timer_gettime timer_t timer_id,S.itimerspec setting
timer_settime timer_t timer_id,I flags,cS.itimerspec new_setting,S.itimerspec old_setting
timerfd_create I clockid,I flags;timerfd_gettime I ufd,S.itimerspec otmr
timerfd_settime I ufd,I flags,cS.itimerspec utmr,S.itimerspec otmr;times S.tms tbuf;tkill pid_t pid,I sig
truncate P path,long length;umask I mask;umount C name,I flags;uname S.old_utsname name;unlink P pathname
unlinkat I dfd,P pathname,I flag;unshare L unshare_flags;uselib P library;ustat unsigned dev,S.ustat ubuf
utime C filename,S.utimbuf times;utimensat I dfd,P filename,S.timespec utimes,I flags
utimes C filename,S.timeval utimes;vmsplice I fd,cS.iovec uiov,L nr_segs,U flags
wait4 pid_t upid,I* stat_addr,I options,S.rusage ru;waitid I which,pid_t upid,S.siginfo infop,I options,S.rusage ru
waitpid pid_t pid,I* stat_addr,I options;write U fd,P buf,Z count;writev L fd,cS.iovec vec,L vlen
`;
